"""Every word of a report that is not one of the page's, too, in English and Chinese."""

from __future__ import annotations

from types import MappingProxyType

from playground.naming import NAMES
from playground.types import Language

# key: (English, Chinese)
WORDS = MappingProxyType(
    {
        **NAMES,
        "report.evaluation": ("Evaluation of {model}", "{model} 评测报告"),
        "report.trial": ("Trade-offs of {model}", "{model} 取舍报告"),
        "report.made": (
            "Written by Context Playground on {when}.",
            "由 Context Playground 写于 {when}。",
        ),
        "report.contents": ("Contents", "目录"),
        "report.disagree": ("Only questions on which the modes disagree", "只看各模式结果不一致的"),
        "when": ("{when} (UTC{zone})", "{when}（UTC{zone}）"),
        "colon": (": ", "："),
        "comma": (", ", "、"),
        "semicolon": ("; ", "；"),
        "and_more": ("and {count} more", "另有 {count} 个"),
        "seconds": ("{value} s", "{value} 秒"),
        "yes": ("yes", "是"),
        "no": ("no", "否"),
        "all": ("all", "全部"),
        "none": ("none", "无"),
        # at a glance
        "glance.model": ("Model", "模型"),
        "glance.when": ("Asked on", "评测时间"),
        "glance.measured": ("Measured on", "测量时间"),
        "glance.questions": ("Questions", "问题数"),
        "glance.modes": ("Modes", "模式"),
        "glance.answers": ("Answers", "回答数"),
        "glance.answers_of": ("{done} of {total}", "{done} / {total}"),
        # sections
        "section.figures": ("Right answers, and what they cost", "正确率与代价"),
        "section.filtered": (
            "Without the questions that the model knew by heart",
            "去掉模型本来就会的问题",
        ),
        "section.pairs": ("Every two modes on the same questions", "两两比较（同样的问题）"),
        "section.retrieval": ("How well passages were found", "检索效果"),
        "section.positions": (
            "Right answers, by where in what was read the answer stood",
            "正确率与答案所在位置",
        ),
        "section.training": ("The training behind {adapter}", "{adapter} 的训练过程"),
        "section.tradeoffs": ("The methods against one another", "三种方法的取舍"),
        "section.growth": ("As the knowledge grows", "资料量增长时"),
        "section.missing": ("What could not be measured", "未能测得的项目"),
        "section.plan": ("How it was asked", "如何提问"),
        "section.setup": ("What it ran on", "运行环境"),
        "section.legend": ("What the figures mean", "各项指标的含义"),
        "section.answers": ("Every answer", "逐题对照"),
        # notes
        "note.none": ("Nothing was answered yet.", "还没有任何回答。"),
        "note.partly": (
            "{done} of {total} answers were there when this was written; all figures are of these.",
            "写这份报告时已有 {done} / {total} 个回答，所有数字都只涉及这些回答。",
        ),
        "note.failed": (
            "Answers that ended in an error: {count}. They count in no other figure.",
            "出错的回答：{count} 个，不计入其他指标。",
        ),
        "note.too_few": (
            "Fewer than 30 questions a mode: the intervals are wide, and most differences may be "
            "chance.",
            "每种模式不足 30 个问题：区间很宽，多数差异可能只是偶然。",
        ),
        "note.by_heart": (
            "With no document, the base model got {count} questions right; they say nothing about "
            "retrieval, and are left out here. So is the base model, which by that has none left.",
            "不看文档，原始模型就答对了 {count} 个问题；它们说明不了检索的好坏，这里不计。"
            "原始模型也因此不列出。",
        ),
        "note.pairs": (
            "A is the first of the two modes, B the second.",
            "A 是前一种模式，B 是后一种模式。",
        ),
        "note.trial": (
            "What holds of each method in general, and under it what was measured here.",
            "每格先写该方法的一般情况，下面是这里的实测结果。",
        ),
        "note.training": (
            "The latest run before the evaluation that trained an adapter of this name.",
            "评测之前最近一次以此名称训练适配器的记录。",
        ),
        "note.positions": (
            "Thirds of the text that a mode read for a question, by characters. Other questions "
            "are asked at each place, so that a difference may be theirs; the claim “lost in the "
            "middle” is tested with the same passage at each place.",
            "按字符数把每个问题读到的文本分为三段。各段的问题不同，差异也可能来自问题本身；"
            "“迷失在中间”这条结论则是用同一段落在各处检验的。",
        ),
        # where an answer stood
        "place.beginning": ("beginning", "开头"),
        "place.middle": ("middle", "中间"),
        "place.end": ("end", "结尾"),
        "place.absent": ("not in it", "未读到"),
        "place.x": ("place of the answer in what was read", "答案在所读文本中的位置"),
        # measures, where a report says more or less of them than the page
        "measure.measure": ("Measure", "指标"),
        "measure.right_help": (
            "Answers that contain an accepted one; where a question has no answer, that say so. "
            "Behind it: where the true share lies, 95 % sure (Wilson’s interval).",
            "包含被接受答案的回答；没有答案的问题则须说明没有。后面是真实比例所在的 95% 区间"
            "（Wilson）。",
        ),
        "measure.f1_help": (
            "Overlap with the closest accepted answer, 0 to 1. English: words, as SQuAD. Chinese: "
            "the longest unbroken run of characters, as CMRC 2018. The two do not compare.",
            "与最接近的答案的重合度，0 到 1。英文按词计算（SQuAD）；中文按最长连续字串计算"
            "（CMRC 2018）。两者不能相互比较。",
        ),
        "measure.first_help": (
            "Seconds until the first word, retrieval included: median / 95th percentile.",
            "出现第一个词之前的秒数，含检索：中位数 / 第 95 百分位。",
        ),
        "measure.speed_help": (
            "Tokens a second after the first one: median / 95th percentile.",
            "首个 token 之后每秒生成的 token 数：中位数 / 第 95 百分位。",
        ),
        "measure.prompt_help": (
            "How many tokens the model had to read: median / 95th percentile.",
            "模型需要读取的 token 数：中位数 / 第 95 百分位。",
        ),
        "measure.p_help": (
            "McNemar’s exact test: how likely so uneven a split would be if both were equally "
            "good. Below 0.05 is rarely chance; among twenty pairs, one such is to be expected.",
            "McNemar 精确检验：若两者同样好，出现如此悬殊结果的概率。小于 0.05 很少是偶然；"
            "但比较二十对时，出现一次这样的结果并不奇怪。",
        ),
        # charts
        "growth.title": ("Right answers against the size of the knowledge", "正确率与资料量"),
        "growth.x": ("tokens of knowledge (logarithmic)", "资料的 token 数（对数刻度）"),
        "growth.window": ("context window", "上下文窗口"),
        "growth.tokens": ("Tokens", "token 数"),
        # the training
        "training.when": ("Trained on", "训练时间"),
        "training.file": ("Rows from", "数据来源"),
        "training.rows": ("Rows learned / held back", "学习 / 留作考试的行数"),
        "training.steps": ("Steps", "步数"),
        "training.epochs": ("Epochs", "轮数"),
        "training.rate": ("Learning rate", "学习率"),
        "training.rank": ("Rank (r)", "秩（r）"),
        "training.seconds": ("Training time", "训练用时"),
        # the trial
        "trial.criterion": ("Criterion", "对比项"),
        "trial.language": ("Language of the questions", "问题语言"),
        "trial.window": ("Context window, tokens", "上下文窗口（token）"),
        "trial.seconds": ("Measuring took", "测量用时"),
        "trial.over": ("not measured", "未测得"),
        "trial.right": ("Right", "答对"),
        "trial.right_at_size": ("Right at a size of the knowledge", "某一资料量下的正确率"),
        "trial.seconds_to_first_token": ("Seconds to the first token", "首个 token 的秒数"),
        "trial.seconds_to_answer": ("Seconds an answer", "每个回答的秒数"),
        "trial.prompt_tokens": ("Prompt tokens", "提示词 token"),
        "trial.completion_tokens": ("Answer tokens", "回答 token"),
        "trial.labelled_rows": ("Labelled rows", "标注数据行数"),
        "trial.documents": ("Documents", "文档数"),
        "trial.document_tokens": ("Tokens of text", "文本 token 数"),
        "trial.training_seconds": ("Seconds of training", "训练秒数"),
        "trial.indexing_seconds": ("Seconds of indexing", "索引秒数"),
        "trial.freshness_seconds": (
            "From an edit to the first right answer, seconds",
            "从修改到第一次答对的秒数",
        ),
        "trial.second_base_seconds": (
            "Seconds for a second set of documents",
            "增加第二批资料的秒数",
        ),
        "trial.memory_bytes": ("Memory, bytes", "内存（字节）"),
        # settings
        "plan.id": ("Evaluation", "评测编号"),
        "plan.questions": ("Questions", "问题"),
        "plan.world": ("the built-in ones", "内置问题"),
        "plan.languages": ("Languages", "语言"),
        "plan.kinds": ("Kinds", "类型"),
        "plan.per_kind": ("Of each kind", "每类问题数"),
        "plan.seed": ("Seed of the draw", "抽取种子"),
        "plan.knowledge": ("Knowledge base", "知识库"),
        "plan.own_base": ("the built-in one of each language", "各语言的内置知识库"),
        "plan.adapter": ("Adapter", "适配器"),
        "plan.multiple_choice": ("Multiple choice, too", "同时做选择题"),
        "language.en": ("English", "英文"),
        "language.zh": ("Chinese", "中文"),
        "setup.model": ("Model", "模型"),
        "setup.engine": ("Engine", "推理引擎"),
        "setup.embedder": ("Embedder", "嵌入模型"),
        "setup.adapter": ("Adapter", "适配器"),
        "setup.processor": ("Processor", "处理器"),
        "setup.cores": ("Cores", "核心数"),
        "setup.system": ("System", "操作系统"),
        "setup.python": ("Python", "Python"),
        # every answer
        "answer.question": ("Question", "问题"),
        "answer.accepted": ("accepted: {answers}", "接受：{answers}"),
        "answer.unanswerable": (
            "no answer exists: right is to say so",
            "没有答案：说明没有才算对",
        ),
        "answer.unscored": ("nobody said what is right", "未给出正确答案"),
        "answer.right": ("right", "正确"),
        "answer.wrong": ("not right", "不正确"),
        "answer.unmarked": ("not marked", "未评分"),
        "answer.failed": ("error", "出错"),
        "answer.answered": ("answered", "已作答"),
        "answer.abstained": ("says that it cannot tell", "回答说不知道"),
        "answer.absent": ("not in the knowledge base", "知识库中没有"),
        "answer.cut": ("cut off", "被截断"),
        "answer.chosen": ("chosen option: {option}", "所选选项：{option}"),
        "answer.no_option": ("chose no option", "未选任何选项"),
        "answer.sources": ("Sources", "来源"),
        "answer.tokens": (
            "{prompt} prompt tokens, {completion} answer tokens",
            "输入 {prompt} 个 token，输出 {completion} 个 token",
        ),
        "answer.waits": ("not asked yet", "尚未提问"),
        "answer.not_asked": (
            "not asked: nobody knows where its answer stands",
            "未提问：不知道答案在哪里",
        ),
        "answer.text": ("Answer", "回答"),
        "answer.seconds": ("Seconds", "秒"),
        "answer.verdict": ("Verdict", "判定"),
        # columns of a spreadsheet
        "sheet.table": ("Table", "表"),
        "sheet.answer": ("answer", "回答"),
        "sheet.figure": ("figure", "数字"),
        "sheet.filtered": ("figure without what was known by heart", "去掉本来就会的问题后的数字"),
        "sheet.filtered_pair": (
            "two modes without what was known by heart",
            "去掉本来就会的问题后的两两比较",
        ),
        "sheet.pair": ("two modes", "两两比较"),
        "sheet.trial": ("trial", "取舍测量"),
        "sheet.mode": ("Mode", "模式"),
        "sheet.language": ("Language", "语言"),
        "sheet.id": ("Question id", "问题编号"),
        "sheet.kind": ("Kind", "类型"),
        "sheet.question": ("Question", "问题"),
        "sheet.accepted": ("Accepted answers", "接受的答案"),
        "sheet.text": ("Answer", "回答"),
        "sheet.right": ("Right (1 or 0)", "答对（1 或 0）"),
        "sheet.outcome": ("Outcome", "结果"),
        "sheet.exact": ("Exact (EM)", "完全一致（EM）"),
        "sheet.f1": ("F1", "F1"),
        "sheet.rouge": ("ROUGE-L", "ROUGE-L"),
        "sheet.chosen": ("Chosen option", "所选选项"),
        "sheet.first": ("Seconds to the first token", "首个 token 的秒数"),
        "sheet.total": ("Seconds in all", "总秒数"),
        "sheet.prompt": ("Prompt tokens", "提示词 token"),
        "sheet.cached": ("Cached tokens", "缓存 token"),
        "sheet.completion": ("Answer tokens", "回答 token"),
        "sheet.sources": ("Sources", "来源"),
        "sheet.measure": ("Measure", "指标"),
        "sheet.value": ("Value", "数值"),
        "sheet.low": ("Low (95 %)", "下限（95%）"),
        "sheet.high": ("High (95 %)", "上限（95%）"),
        "sheet.count": ("Count", "数量"),
        "sheet.of": ("Of", "总数"),
        "sheet.at": ("Tokens of knowledge", "资料的 token 数"),
        "sheet.p50": ("{measure}, median", "{measure}，中位数"),
        "sheet.p95": ("{measure}, 95th percentile", "{measure}，第 95 百分位"),
    }
)


def word(key: str, language: Language, **details: object) -> str:
    """The words of `key`, with their {placeholders} filled."""
    return WORDS[key][language == "zh"].format(**details)


def known(key: str, language: Language, otherwise: str) -> str:
    """The words of `key`, or what the user calls it."""
    return word(key, language) if key in WORDS else otherwise


def mode_name(mode: str, language: Language) -> str:
    return known(f"mode.{mode}", language, mode)


def kind_name(kind: str, language: Language) -> str:
    return known(f"question.{kind}", language, kind)
