"""What modes, kinds of questions, measures and charts are called, in the page and in reports."""

from __future__ import annotations

from types import MappingProxyType

# key: (English, Chinese)
NAMES = MappingProxyType(
    {
        "mode.base": ("Base model", "原始模型"),
        "mode.long-context": ("Long context", "长文本"),
        "mode.rag": ("Knowledge base (RAG)", "知识库（RAG）"),
        "mode.lora": ("Fine-tuned (LoRA)", "微调（LoRA）"),
        "mode.long-context+lora": ("Long context + LoRA", "长文本 + 微调"),
        "mode.rag+lora": ("RAG + LoRA", "知识库 + 微调"),
        "mode.oracle": ("Gold passage given", "给定原文"),
        "mode.oracle+lora": ("Gold passage + LoRA", "给定原文 + 微调"),
        "question.fact": ("facts", "事实"),
        "question.whole-document": ("whole documents", "通篇"),
        "question.fresh": ("just edited", "刚修改"),
        "question.style": ("style", "文风"),
        "question.unanswerable": ("unanswerable", "无答案"),
        "question.general": ("general knowledge", "常识"),
        "measure.mode": ("Mode", "模式"),
        "measure.right": ("Right", "答对"),
        "measure.exact": ("Exact (EM)", "完全一致（EM）"),
        "measure.exact_help": (
            "Answers that are an accepted one and nothing else: SQuAD’s script in English, "
            "CMRC 2018’s in Chinese. Chatty answers get none.",
            "与被接受的答案完全一致、没有多余内容：英文用 SQuAD 脚本，中文用 CMRC 2018 脚本。"
            "话多的回答得不到分。",
        ),
        "measure.f1": ("F1", "F1"),
        "measure.rouge": ("ROUGE-L", "ROUGE-L"),
        "measure.rouge_help": (
            "How much of the whole reference answer comes in its order, 0 to 1.",
            "完整参考答案中有多少内容按顺序出现，0 到 1。",
        ),
        "measure.length": ("Length", "长度"),
        "measure.length_help": (
            "Mean number of characters. Longer answers contain the right one more easily.",
            "平均字符数。回答越长，越容易碰巧包含正确答案。",
        ),
        "measure.choice": ("Choice", "选择题"),
        "measure.choice_help": (
            "Questions with options of which the likeliest option, by its log-probability, is the "
            "right one.",
            "带选项的问题中，概率（对数概率）最高的选项恰为正确答案的比例。",
        ),
        "measure.refused": ("Refused", "拒答"),
        "measure.refused_help": (
            "Share of the answerable questions of which it said that it could not tell.",
            "有答案的问题中，回答说不知道的比例。",
        ),
        "measure.false": ("False answers", "误答"),
        "measure.false_help": (
            "Share of the unanswerable questions that were answered all the same. Lower is better.",
            "没有答案的问题中，仍然作答的比例。越低越好。",
        ),
        "measure.errors": ("Errors", "出错"),
        "measure.errors_help": (
            "Questions that got an error in place of an answer; they count nowhere else.",
            "没有得到回答而是出错的问题；不计入其他指标。",
        ),
        "measure.first": ("First token", "首个 token"),
        "measure.cold": ("Cold", "无缓存"),
        "measure.cold_help": (
            "First token where nothing of the prompt was in the cache: median / 95th percentile.",
            "提示词完全不在缓存中时的首个 token：中位数 / 第 95 百分位。",
        ),
        "measure.warm": ("Warm", "有缓存"),
        "measure.warm_help": (
            "First token where a part of the prompt was in the cache: median / 95th percentile.",
            "提示词有一部分在缓存中时的首个 token：中位数 / 第 95 百分位。",
        ),
        "measure.total": ("Total", "总用时"),
        "measure.total_help": (
            "Seconds until the answer is complete: median / 95th percentile.",
            "回答完成所需的秒数：中位数 / 第 95 百分位。",
        ),
        "measure.speed": ("Tokens/s", "每秒 token"),
        "measure.prompt": ("Prompt tokens", "提示词 token"),
        "measure.versus": ("Modes A and B", "模式 A 与 B"),
        "measure.both": ("Both right", "都对"),
        "measure.onlyfirst": ("Only A", "仅 A 对"),
        "measure.onlysecond": ("Only B", "仅 B 对"),
        "measure.neither": ("Neither", "都错"),
        "measure.difference": ("B − A", "B − A"),
        "measure.difference_help": (
            "Share of right answers of B less that of A, in percentage points.",
            "B 的正确率减去 A 的，单位为百分点。",
        ),
        "measure.p": ("p", "p 值"),
        "measure.searched": ("Questions", "问题数"),
        "measure.searched_help": (
            "Questions of which the document with the answer is known.",
            "已知答案所在文档的问题数。",
        ),
        "measure.hitone": ("hit@1", "hit@1"),
        "measure.hitone_help": (
            "Share of questions whose best passage holds the answer.",
            "排第一的段落就含有答案的问题比例。",
        ),
        "measure.hitk": ("hit@k", "hit@k"),
        "measure.hitk_help": (
            "Share of questions for which any of the k passages (top_k) holds the answer.",
            "k 个段落（top_k）中至少一个含有答案的问题比例。",
        ),
        "measure.recall": ("recall@k", "recall@k"),
        "measure.recall_help": (
            "Share of the documents sought that are among the k passages, mean over questions.",
            "所需文档出现在 k 个段落中的比例，对问题取平均。",
        ),
        "measure.mrr": ("MRR@10", "MRR@10"),
        "measure.mrr_help": (
            "1 / rank of the first right passage, mean over questions; 1 is best.",
            "第一个正确段落排名的倒数，对问题取平均；1 为最好。",
        ),
        "measure.ndcg": ("nDCG@10", "nDCG@10"),
        "measure.ndcg_help": (
            "How near the top the right passages stand, 0 to 1.",
            "正确段落的排名有多靠前，0 到 1。",
        ),
        "judged.title": ("What other models took for right", "其他模型的评判"),
        "judged.judge": ("Judge", "评判模型"),
        "judged.unscored": ("No verdict", "未评判"),
        "scatter.title": ("Right answers against seconds", "正确率与用时"),
        "scatter.x": (
            "seconds an answer, median (logarithmic)",
            "每个回答的秒数，中位数（对数刻度）",
        ),
        "scatter.note": (
            "Up is better, left is faster. Bars: where the true share lies, 95 % sure.",
            "越高越好，越左越快。竖线为 95% 置信区间。",
        ),
        "curve.loss": ("Loss (lower is better)", "损失（越低越好）"),
        "curve.train": ("training", "训练"),
        "curve.exam": ("mock exam", "模拟考试"),
        "curve.step": ("step", "步"),
    }
)
