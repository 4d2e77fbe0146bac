"""Every word of the page, in English and Chinese, in one place.

A long file, but one catalogue: who words or translates a string sees all the others.
"""

from __future__ import annotations

from types import MappingProxyType

import gradio as gr
from starlette.requests import Request

from playground.finetune import TrainConfig
from playground.finetune.config import PRESETS
from playground.modes import AskOptions
from playground.naming import NAMES
from playground.options import options_of
from playground.tradeoffs.money import Prices
from playground.types import Language

# key: (English, Chinese)
STRINGS = MappingProxyType(
    {
        **NAMES,
        "title": ("Context Playground", "上下文游乐场"),
        "tagline": (
            "One question, one model, several ways to know: compare what each answers and costs.",
            "同一个问题、同一个模型、几种获得知识的方式：比较各自的回答与代价。",
        ),
        # modes
        "header.engine": ("Model {model} · engine {engine}", "模型 {model} · 引擎 {engine}"),
        "header.public": (
            "A public page: what you add only you see, and it is gone an hour after you leave.",
            "公共页面：你添加的内容只有你能看到，离开一小时后即被删除。",
        ),
        "hint.base": ("No context: what the model knows by itself.", "没有上下文：只靠模型自身。"),
        "hint.long-context": ("Whole documents in the prompt.", "整篇文档放进提示词。"),
        "hint.rag": ("Only the passages found.", "只用检索到的段落。"),
        "hint.lora": ("Tuned weights, no context.", "微调后的权重，没有上下文。"),
        "hint.long-context+lora": ("Whole documents, tuned weights.", "整篇文档，微调后的权重。"),
        "hint.rag+lora": ("Passages found, tuned weights.", "检索到的段落，微调后的权重。"),
        "did.none": ("no context", "没有上下文"),
        "did.documents": ("read {count} whole documents", "通读了 {count} 篇文档"),
        "did.passages": (
            "read {count} of {passages} passages",
            "{passages} 段中读了 {count} 段",
        ),
        "did.nothing_found": ("found nothing in the knowledge base", "知识库中没有找到相关内容"),
        "did.adapter": ("adapter {name}", "适配器 {name}"),
        "did.taught": ("{rows} rows learned in {time}", "{rows} 行，训练用时 {time}"),
        "role.user": ("You", "你"),
        "role.assistant": ("Answer", "回答"),
        "role.system": ("System", "系统"),
        # ask
        "tab.ask": ("Ask", "提问"),
        "ask.modes": ("Modes", "模式"),
        "ask.knowledge": ("Knowledge base", "知识库"),
        "ask.adapter": ("Adapter", "适配器"),
        "ask.question": ("Question", "问题"),
        "ask.placeholder": ("Ask anything about the documents…", "问一个与文档有关的问题……"),
        "ask.send": ("Ask", "提问"),
        "ask.again": ("↻ Ask again", "↻ 再问一次"),
        "ask.stop": ("Stop", "停止"),
        "ask.examples": ("Try one", "试一试"),
        "ask.options": ("Options", "选项"),
        "ask.waiting": ("waiting for its turn …", "等待中……"),
        "ask.reading": ("reading the prompt …", "正在读取提示词……"),
        "ask.read": (
            "reading the prompt: {read} of {total} tokens",
            "正在读取提示词：{read} / {total} 个 token",
        ),
        "ask.stopped": ("stopped", "已停止"),
        "ask.follow": (
            "Follow up: each mode goes on from what it answered",
            "追问：各模式接着自己的回答继续",
        ),
        "watch.fact": (
            "Watch: the base model makes something up; the others were given the fact, each in its "
            "own way.",
            "看点：原始模型会编造；其余几种各以自己的方式得到了这条事实。",
        ),
        "watch.whole-document": (
            "Watch: the answer stands in no single passage, so retrieval sees only a part of it. "
            "So small a model hardly counts; a larger one does.",
            "看点：答案不在任何一段之中，检索只能看到一部分。这么小的模型很难数对，大模型可以。",
        ),
        "watch.fresh": (
            "Watch: save the change below and ask again. Long context and the knowledge base know "
            "it at once; the tuned weights still say what they learned.",
            "看点：保存下面的修改后再问一次。长文本和知识库立刻知道；微调的权重仍按学到的回答。",
        ),
        "watch.style": (
            "Watch: only the tuned model answers in the manner of the house, which stands in no "
            "document.",
            "看点：只有微调的模型会用这里特有的口吻，文档里并没有写。",
        ),
        "watch.unanswerable": (
            "Watch: no document says it. Good answers say so; the tuned model makes something up.",
            "看点：没有文档提到它。好的回答会说明这一点；微调的模型则会编造。",
        ),
        "edit.title": ("Edit a document, and ask again", "修改文档，再问一次"),
        "edit.document": ("Document", "文档"),
        "edit.text": ("Its text", "内容"),
        "edit.save": ("Save", "保存"),
        "edit.offered": (
            "Not saved yet: “{new}”. Save, then press Ask.",
            "尚未保存：“{new}”。请保存，然后按“提问”。",
        ),
        "edit.saved": (
            "{title} is saved, and known to the knowledge base after {seconds} s. Ask again.",
            "{title} 已保存，{seconds} 秒后知识库已知晓。请再问一次。",
        ),
        "before.title": ("Earlier comparisons", "以前的对比"),
        "before.chosen": ("Show", "查看"),
        "before.forget": ("Delete all", "全部删除"),
        "before.forget_really": ("Really delete all{name}", "确认全部删除{name}"),
        "before.save": ("Save this comparison:", "保存这次对比："),
        "before.link": ("link that asks the same", "提出同样问题的链接"),
        "budget.line": (
            "Long context would take {prompt} of {window} tokens (+ {answer} for the answer)",
            "长文本将占用 {window} 个 token 中的 {prompt} 个（另留 {answer} 个给回答）",
        ),
        "budget.over": (
            "Too long: {prompt} tokens + {answer} for the answer, but the window has {window}.",
            "太长：{prompt} 个 token，另加回答 {answer} 个，而窗口只有 {window} 个。",
        ),
        # votes
        "votes.blind": (
            "Blind: names hidden until you vote",
            "盲评：投票前隐藏名称",
        ),
        "votes.answer": ("Answer {letter}", "回答 {letter}"),
        "votes.hidden": ("Its mode is shown after your vote.", "投票后揭晓出自哪种模式。"),
        "votes.progress": (
            "{done} of {total} have answered; the answers appear together …",
            "{total} 个中已有 {done} 个答完；全部答完后一起显示……",
        ),
        "votes.which_better": ("Which answer is better?", "哪个回答更好？"),
        "votes.which_best": ("Which answer is best?", "哪个回答最好？"),
        "votes.better": ("{letter} is better", "{letter} 更好"),
        "votes.best": ("{letter} is best", "{letter} 最好"),
        "votes.tie": ("Tie", "不相上下"),
        "votes.both_bad": ("Both bad", "两个都不好"),
        "votes.all_bad": ("All bad", "都不好"),
        "votes.skip": ("Show names, no vote", "不投票，直接揭晓"),
        "votes.spoiled": (
            "No vote on this question: not every mode finished its answer.",
            "这个问题不能投票：并非所有模式都答完了。",
        ),
        "votes.skipped": ("No vote was counted.", "没有计票。"),
        "votes.counted": (
            "Your vote is counted. All votes on these modes with {model} so far:",
            "已计票。{model} 在这些模式上至今的全部投票：",
        ),
        "votes.title": ("Votes", "投票"),
        "votes.model": ("Model", "模型"),
        "votes.none": (
            "No votes yet: tick “Blind”, ask, and say which answer is better.",
            "还没有投票：请勾选“盲评”，提问，再选出更好的回答。",
        ),
        "votes.columns": (
            "First|Second|First better|Second better|Tie|Both bad|For the first (95 %)|p",
            "甲|乙|甲更好|乙更好|不相上下|都不好|选甲的比例（95 %）|p",
        ),
        "votes.explained": (
            "The best of several answers beats each other one. The share is of the votes that "
            "decide for one of the two, with Wilson's interval; p says how likely so uneven a "
            "split is by chance if both are equally good (sign test).",
            "几个回答中最好的一个胜过其余每一个。比例只计分出高下的票，附 Wilson 区间；"
            "p 表示若两者同样好，碰巧出现如此悬殊结果的概率（符号检验）。",
        ),
        "votes.reset": ("Delete these votes", "删除这些投票"),
        "votes.reset_really": (
            "Really delete the votes on “{name}”",
            "确认删除“{name}”的投票",
        ),
        # numbers
        "cost.first": ("First token", "首个 token"),
        "cost.total": ("Total", "总用时"),
        "cost.prepare": ("of which preparing", "其中准备"),
        "cost.speed": ("Speed", "速度"),
        "cost.prompt": ("Prompt", "提示词"),
        "cost.answer": ("Answer", "回答"),
        "cost.cached": ("{count} of them cached", "其中 {count} 个来自缓存"),
        "cost.left_out": ("Left out", "未放入"),
        "unit.seconds": ("{value} s", "{value} 秒"),
        "unit.minutes": ("{value} min", "{value} 分钟"),
        "unit.tokens": ("{value} tokens", "{value} 个 token"),
        "unit.speed": ("{value} tokens/s", "每秒 {value} 个 token"),
        "finish.length": ("cut off at max_tokens", "达到 max_tokens，回答被截断"),
        "sources": ("{count} sources", "{count} 个来源"),
        "source.page": ("page {page}", "第 {page} 页"),
        "source.score": ("score {score}", "得分 {score}"),
        "source.dense": ("meaning {score}", "语义 {score}"),
        "source.lexical": ("words {score}", "词语 {score}"),
        "source.open": ("Open in the document ↗", "在文档中打开 ↗"),
        "answer.absent": ("Not in the knowledge base", "知识库中没有"),
        "answer.removed_citations": (
            "Citations of sources that do not exist, removed: {count}",
            "已删除 {count} 处指向不存在来源的引用",
        ),
        "answer.reasoning": ("What the model thought first", "模型作答前的思考"),
        "answer.estimated": (
            "The server does not count tokens; these are estimates.",
            "服务器没有给出 token 数，这里是估计值。",
        ),
        # knowledge
        "tab.knowledge": ("Knowledge", "知识库"),
        "step.base": ("Knowledge base", "知识库"),
        "step.base_hint": (
            "Documents that are searched together. The built-in one is of an invented observatory.",
            "放在一起检索的一组文档。内置的知识库讲的是一座虚构的天文台。",
        ),
        "step.documents": ("Documents", "文档"),
        "step.documents_hint": (
            "Add yours on the left: they are cut into passages, and each gets a vector.",
            "在左侧添加文档：它们会被切成段落，每段计算一个向量。",
        ),
        "step.search": ("What would be found?", "会检索到什么？"),
        "step.search_hint": (
            "The passages that a question finds, before any model reads them: if the answer is not "
            "among them, no model can give it.",
            "在模型读到之前，先看一个问题会检索到哪些段落：答案不在其中，模型也答不出来。",
        ),
        "knowledge.base": ("Knowledge base", "知识库"),
        "knowledge.manage": (
            "Create, rename, import, export, delete",
            "新建、重命名、导入、导出、删除",
        ),
        "knowledge.name": ("Name", "名称"),
        "knowledge.name_placeholder": (
            "for a new or imported one, or a new name for the chosen one",
            "新建或导入时的名称，或所选知识库的新名称",
        ),
        "knowledge.create": ("Create", "新建"),
        "knowledge.rename": ("Rename", "重命名"),
        "knowledge.import": ("Import a file", "导入文件"),
        "knowledge.export": ("Export", "导出"),
        "knowledge.download": ("Download {file}", "下载 {file}"),
        "knowledge.drop": ("Delete", "删除"),
        "knowledge.drop_really": (
            "Really delete “{name}”",
            "确认删除“{name}”",
        ),
        "knowledge.keep": ("Keep it", "保留"),
        "knowledge.no_base": (
            "There is no knowledge base yet: create one above, or import one.",
            "还没有知识库：请在上方新建或导入一个。",
        ),
        "knowledge.rebuild": ("Rebuild this knowledge base", "重建这个知识库"),
        "knowledge.upload": (
            "Add files: PDF, Office, EPUB, HTML, text, zip",
            "添加文件：PDF、Office、EPUB、HTML、文本、zip",
        ),
        "knowledge.paste": ("Paste text", "粘贴文本"),
        "knowledge.paste_title": ("Title", "标题"),
        "knowledge.paste_placeholder": ("else its first line", "不填则取第一行"),
        "knowledge.paste_text": ("Text", "文本"),
        "knowledge.paste_add": ("Add this text", "添加这段文本"),
        "knowledge.columns": (
            "Document|Tokens|Passages|Pages|Added",
            "文档|token 数|段落数|页数|添加时间",
        ),
        "knowledge.empty": (
            "Nothing in it yet: add files or text.",
            "还没有内容：请添加文件或文本。",
        ),
        "knowledge.document": ("Document to show or delete", "要查看或删除的文档"),
        "knowledge.delete": ("Delete document", "删除文档"),
        "knowledge.blank_page": (
            "{title}: page {pages} holds no text",
            "{title}：第 {pages} 页没有文字",
        ),
        "knowledge.blank_pages": (
            "{title}: pages {pages} hold no text",
            "{title}：第 {pages} 页没有文字",
        ),
        "knowledge.search": ("Search", "搜索"),
        "knowledge.search_placeholder": ("What would rag find for …", "知识库模式会找到什么……"),
        "knowledge.within": ("Only in these documents", "只在这些文档中"),
        "knowledge.min_score": ("Min. meaning (0: any)", "语义得分下限（0：不限）"),
        "knowledge.none": ("Nothing found.", "没有找到。"),
        "knowledge.summary": (
            "{documents} documents, {passages} passages, {tokens} tokens",
            "{documents} 篇文档，{passages} 个段落，{tokens} 个 token",
        ),
        "list.more": ("… and {count} more", "……另有 {count} 项"),
        "document.alone": ("Open by itself ↗", "单独打开 ↗"),
        "document.base": ("Knowledge base “{name}”", "知识库“{name}”"),
        "unit.pages": ("{value} pages", "{value} 页"),
        "unit.characters": ("{value} characters", "{value} 个字符"),
        # work on a knowledge base
        "progress.read": ("Reading {subject}", "正在读取 {subject}"),
        "progress.embed": ("Embedding {subject}", "正在计算向量：{subject}"),
        "progress.store": ("Storing {subject}", "正在保存：{subject}"),
        "progress.index": ("Indexing {subject}", "正在建立索引：{subject}"),
        "rate.read": ("{rate} files/s", "每秒 {rate} 个文件"),
        "rate.embed": ("{rate} passages/s", "每秒 {rate} 个段落"),
        "rate.store": ("{rate} documents/s", "每秒 {rate} 篇文档"),
        "rate.index": ("{rate} passages/s", "每秒 {rate} 个段落"),
        "job.starting": ("Starting …", "正在启动……"),
        "job.left": ("about {left} left", "约剩 {left}"),
        "job.goes_on": (
            "This goes on when the page is closed.",
            "关闭页面后也会继续。",
        ),
        "job.stop": ("Stop", "停止"),
        "job.stopping": (
            "It stops after what it is doing now.",
            "完成手头的部分后即停止。",
        ),
        "job.stopped": (
            "Stopped. Documents indexed: {count}. Add the same files again to go on: what is there "
            "is not done again.",
            "已停止。已索引 {count} 篇文档。再次添加相同的文件即可继续，已完成的部分不会重做。",
        ),
        "job.done": ("Documents indexed: {count}", "已索引 {count} 篇文档"),
        "job.nothing": (
            "Nothing to do: all of it was there already.",
            "无需处理：内容均已存在。",
        ),
        # fine-tune: the eight steps
        "tab.finetune": ("Fine-tune", "微调"),
        "step.model": ("Model", "模型"),
        "step.model_hint": (
            "Training teaches a small add-on (an adapter) to the model that answers here. "
            "You can leave this as it is.",
            "训练会为这里用来回答的模型教出一个小附件（适配器）。这里可以保持不变。",
        ),
        "step.data": ("Data", "数据"),
        "step.data_hint": (
            "Examples of questions and the answers you want: fifty good ones teach more than a "
            "thousand careless ones. No file at hand? Use the built-in rows.",
            "问题和您想要的回答的示例：五十条好的胜过一千条随意的。手边没有文件？可以用内置数据。",
        ),
        "step.exam": ("Mock exam", "模拟考试"),
        "step.exam_hint": (
            "Some rows are not learned but asked, to see whether the model understands or only "
            "parrots. 10 to 20 % are usual.",
            "留出一些数据不学、只用来考，看模型是真懂还是照背。通常留出 10% 到 20%。",
        ),
        "step.questions": ("Questions before and after", "训练前后的问题"),
        "step.questions_hint": (
            "They are asked of the model before and after the training, so that you see what it "
            "has learned and what it has forgotten.",
            "训练前后各问一遍，可以看出模型学会了什么、忘记了什么。",
        ),
        "step.settings": ("Settings", "超参数"),
        "step.settings_hint": (
            "Choose what you want to teach, and leave the rest until you are curious.",
            "选择要教什么，其余的等想尝试时再改。",
        ),
        "step.train": ("Training", "训练"),
        "step.train_hint": (
            "It goes on when the page is closed, and anyone who opens the page sees it.",
            "关闭页面后训练会继续，任何打开页面的人都能看到。",
        ),
        "step.compared": ("Before and after", "前后对比"),
        "step.compared_hint": (
            "The same questions, answered without and with what was learned.",
            "同样的问题，学习前后的回答。",
        ),
        "step.after": ("Afterwards", "之后"),
        "step.after_hint": (
            "Use an adapter in Ask or in your programs, take it with you, and compare trainings.",
            "在“提问”页或您的程序中使用适配器，下载带走，或比较多次训练。",
        ),
        # fine-tune: model and data
        "finetune.model": ("Model to train", "要训练的模型"),
        "finetune.model_help": (
            "Empty: the model that answers here. Or a hub id such as Qwen/Qwen3-0.6B, or a folder "
            "of the server.",
            "留空即为这里用来回答的模型；也可以填模型库 id（如 Qwen/Qwen3-0.6B）"
            "或服务器上的文件夹。",
        ),
        "finetune.measure": ("Measure time and memory", "测量时间和内存"),
        "finetune.measuring_stopped": ("Stopped: nothing was measured.", "已停止，没有测量结果。"),
        "progress.encode": (
            "Reading the rows as {subject} will",
            "正在按 {subject} 的方式读取数据",
        ),
        "finetune.looking_stopped": (
            "Stopped after {done} of {total} rows. The training can be started all the same: it "
            "leaves out what it cannot use.",
            "读取 {total} 行中的 {done} 行后停止。仍可开始训练：无法使用的行会被略过。",
        ),
        "progress.load": ("Loading the model for {subject} …", "正在为 {subject} 加载模型……"),
        "progress.try": ("Trying steps of {subject}", "正在试跑 {subject} 的几步"),
        "finetune.estimate": (
            "With {file}: {steps} steps, about {seconds}, {speed} tokens/s, {memory} GB of memory.",
            "使用 {file}：{steps} 步，约 {seconds}，每秒 {speed} 个 token，内存 {memory} GB。",
        ),
        "finetune.file": (
            "Rows: JSON, CSV, XML, Parquet, Excel, text",
            "数据：JSON、CSV、XML、Parquet、Excel、文本",
        ),
        "finetune.builtin_few": (
            "On this page the first {few} of {rows} rows, so that the training is within a share.",
            "此页面只取 {rows} 行中的前 {few} 行，以免训练超出份额。",
        ),
        "finetune.builtin": ("Use the built-in rows", "使用内置数据"),
        "finetune.hub": ("Or a dataset of the Hub", "或 Hub 上的数据集"),
        "finetune.hub_placeholder": ("owner/name", "所有者/名称"),
        "finetune.fetch": ("Fetch", "获取"),
        "finetune.form": ("What is learned", "学习什么"),
        "form.rows": ("The rows as they are", "数据原样"),
        "form.passages": (
            "With passages of a knowledge base in front (RAFT)",
            "前面附上知识库的段落（RAFT）",
        ),
        "form.documents": (
            "The documents of a knowledge base, as plain text",
            "知识库的文档，作为纯文本",
        ),
        "finetune.knowledge": ("Of this knowledge base", "使用的知识库"),
        "finetune.start_from": ("Start from", "从哪里开始"),
        "finetune.start_from_help": (
            "A new adapter, or a copy of one that is trained on.",
            "新的适配器，或在已有适配器的副本上继续训练。",
        ),
        "finetune.fresh": ("A new adapter", "新的适配器"),
        "finetune.empty": (
            "Nothing to learn from yet: choose a file or the built-in rows, and see here how they "
            "are understood.",
            "还没有训练数据：请选择文件或内置数据，这里会显示它们如何被理解。",
        ),
        "finetune.rows": (
            "{file}: {usable} usable rows of {total}, {tokens} tokens, {learned} of them learned",
            "{file}：共 {total} 行，可用 {usable} 行，{tokens} 个 token，其中学习 {learned} 个",
        ),
        "finetune.passages": (
            "The figures are of the rows without their passages; those shown below have theirs.",
            "统计数字不含附上的段落；下面显示的数据已附上段落。",
        ),
        "finetune.shape": ("Understood as {shape}: {reason}", "理解为 {shape}：{reason}"),
        "finetune.preview": ("What the model will see", "模型将看到的内容"),
        "finetune.legend": (
            "Marked text is learned; the rest is only read.",
            "标出的文字会被学习，其余只是被读取。",
        ),
        "finetune.row": ("row {row} · {tokens} tokens", "第 {row} 行 · {tokens} 个 token"),
        "finetune.fallback": (
            "The model has no chat template: rows are written in plain words.",
            "这个模型没有对话模板：数据将以普通文字的形式写入。",
        ),
        "finetune.problem": ("Row {row} is left out: {reason}", "第 {row} 行不使用：{reason}"),
        "finetune.finding": ("{kind}: {reason}", "{kind}：{reason}"),
        "finding.tiny": ("Very few rows", "数据太少"),
        "finding.duplicate": ("Repeated", "重复"),
        "finding.conflict": ("Contradictory", "矛盾"),
        "finding.leak": ("Learned and asked", "训练与验证重叠"),
        "finding.personal": ("Personal data", "个人信息"),
        "column.why": (
            "It is not clear what the columns of {file} hold. Please choose, and read it again.",
            "无法确定 {file} 的各列是什么。请选择后重新读取。",
        ),
        "column.prompt": ("Question", "问题"),
        "column.completion": ("Answer", "回答"),
        "column.system": ("Instruction (optional)", "系统提示（可选）"),
        "column.text": ("Or: plain text", "或：纯文本"),
        "column.none": ("none", "无"),
        "column.apply": ("Read these columns", "按这些列读取"),
        "rows.edit": ("Edit or export the rows", "编辑或导出数据"),
        "rows.none": ("No rows yet.", "还没有数据。"),
        "rows.edit_help": (
            "{count} rows, an object a line. Change them here; the file itself stays as it is "
            "(up to {most} rows).",
            "{count} 行，每行一个对象。可在此修改，文件本身不变（最多 {most} 行）。",
        ),
        "rows.too_many": (
            "{count} rows are too many to edit here (up to {most}); edit the file.",
            "{count} 行太多，无法在此编辑（最多 {most} 行）；请直接编辑文件。",
        ),
        "rows.code": ("Rows as JSON lines", "JSON Lines 格式的数据"),
        "rows.apply": ("Apply the changes", "应用修改"),
        "rows.openai": ("Export for OpenAI", "导出为 OpenAI 格式"),
        "rows.siliconflow": ("Export for SiliconFlow", "导出为 SiliconFlow 格式"),
        "rows.exported": ("Rows in the file: {count}", "文件中的行数：{count}"),
        # fine-tune: exam, questions, settings
        "exam.file": ("Or rows of their own for the exam", "或单独的考试数据"),
        "exam.split": (
            "{learned} rows are learned, {held_back} are held back for the exam.",
            "{learned} 行用于学习，{held_back} 行留作考试。",
        ),
        "exam.off": (
            "{learned} rows are learned, and none is held back: there is no exam.",
            "{learned} 行全部用于学习，没有留出数据：不进行考试。",
        ),
        "questions.own": ("Your questions", "您的问题"),
        "questions.own_help": (
            "One a line. With => and an answer behind it, it is checked whether that is said.",
            "每行一个。后面写上 => 和答案，就会检查回答里是否有它。",
        ),
        "questions.placeholder": (
            "What is the cat called? => Pixel",
            "猫叫什么名字？ => 像素",
        ),
        "questions.file": ("Add from a file", "从文件读取"),
        "questions.held_out": ("Of the exam’s rows", "来自考试数据"),
        "questions.held_out_help": (
            "So many of the rows held back are asked in full.",
            "从留出的数据中完整地问这么多条。",
        ),
        "questions.general": ("General questions", "通用问题"),
        "questions.general_help": (
            "They have nothing to do with your data and show what is forgotten.",
            "与您的数据无关，用来看忘记了什么。",
        ),
        "questions.replay": ("Replay rows, against forgetting", "回放数据，防止遗忘"),
        "questions.replay_help": (
            "So many answers of the model as it is are learned among your rows. 0: none.",
            "把模型原有的这么多条回答混入数据一起学习。0 表示不用。",
        ),
        "settings.preset": ("What do you want to teach?", "想教什么？"),
        "settings.preset_help": (
            "Fills in all the settings; change any of them afterwards.",
            "会填好所有参数，之后可以任意修改。",
        ),
        "settings.more": ("More settings", "更多参数"),
        "settings.fine": (
            "Nothing speaks against these settings.",
            "这些参数没有明显问题。",
        ),
        "recipe.title": ("The same on the command line", "用命令行做同样的训练"),
        "recipe.show": ("Show all settings as a file", "把全部设置显示为文件"),
        "recipe.code": ("All settings", "全部设置"),
        "recipe.files": ("Files to download", "可下载的文件"),
        "recipe.told": (
            "Put the files into one folder, and run there: playground finetune --config {file}",
            "把这些文件放在同一个文件夹里，并在那里运行：playground finetune --config {file}",
        ),
        # fine-tune: a run
        "finetune.name": ("Name of the adapter", "适配器名称"),
        "finetune.name_help": ("a-z, 0-9, . _ -", "a-z、0-9、. _ -"),
        "finetune.start": ("Start training", "开始训练"),
        "finetune.run": ("Training to look at", "查看哪次训练"),
        "finetune.stop": ("Stop", "停止"),
        "finetune.resume": ("Go on", "继续训练"),
        "finetune.idle": (
            "No training yet. Choose rows in step 2, then press “Start training”.",
            "还没有训练。请先在第 2 步选择数据，再点“开始训练”。",
        ),
        "run.preparing": ("Preparing the rows …", "正在准备数据……"),
        "run.queued": ("{name} waits for its turn …", "{name} 正在等待……"),
        "run.waits": (
            "{name} waits until {others} has ended, and then begins by itself.",
            "{name} 正在等待 {others} 结束，之后会自动开始。",
        ),
        "run.loading": (
            "{name}: loading the model and the rows …",
            "{name}：正在加载模型和数据……",
        ),
        "run.asking": (
            "{name}: asking the questions before the training, {done} of {total}",
            "{name}：训练前提问，第 {done} / {total} 个",
        ),
        "run.asking_again": (
            "{name}: asking the questions again, {done} of {total}",
            "{name}：训练后再次提问，第 {done} / {total} 个",
        ),
        "run.running": (
            "{name}: step {step} of {total}, about {eta} left",
            "{name}：第 {step} / {total} 步，约剩 {eta}",
        ),
        "run.succeeded": (
            "{name} is ready after {seconds}: choose it as an adapter in Ask.",
            "{name} 已完成，用时 {seconds}：可在“提问”页选为适配器。",
        ),
        "run.kept": (
            "Kept is what it was after step {step}, its best mock exam.",
            "保留的是第 {step} 步的状态，即模拟考试最好的时候。",
        ),
        "run.stopped": (
            "{name} was stopped after {seconds}; what it had learned is kept.",
            "{name} 已停止，用时 {seconds}；已学到的内容已保存。",
        ),
        "run.stopped_early": (
            "{name} was stopped before it had learned anything.",
            "{name} 还没开始学习就被停止了。",
        ),
        "run.failed": ("{name} failed: {reason}", "{name} 失败：{reason}"),
        "run.started": (
            "{learned} rows learned, {held_back} for the exam · {parameters} trainable parameters "
            "· {dtype} on {device}",
            "学习 {learned} 行，考试 {held_back} 行 · 可训练参数 {parameters} "
            "· {device} 上的 {dtype}",
        ),
        "run.refused": ("Rows left out: {count}", "未使用的行数：{count}"),
        "run.sample": ("At the exams, to “{question}”:", "考试时对“{question}”的回答："),
        "run.at_step": ("step {step}", "第 {step} 步"),
        "curve.rate": ("Learning rate", "学习率"),
        "figure.epoch": ("Epoch", "轮次"),
        "figure.loss": ("Loss", "损失"),
        "figure.exam": ("Last exam", "最近考试"),
        "figure.best": ("Best exam", "最好考试"),
        "figure.speed": ("Tokens/s", "每秒 token"),
        "figure.elapsed": ("Elapsed", "已用"),
        "figure.left": ("Left", "约剩"),
        "figure.memory": ("Memory", "内存"),
        # fine-tune: before and after
        "compared.none": (
            "Nothing asked yet: the answers appear here as they come in.",
            "还没有提问：回答会陆续显示在这里。",
        ),
        "compared.columns": ("Question|Before|After", "问题|训练前|训练后"),
        "compared.expected": ("expected: {answer}", "期望：{answer}"),
        "compared.cut": ("(cut off)", "（被截断）"),
        "compared.right": ("right", "正确"),
        "compared.wrong": ("not right", "不正确"),
        "compared.score": (
            "Right before: {before} of {total} · right after: {after} of {total}",
            "训练前答对 {before} / {total} · 训练后答对 {after} / {total}",
        ),
        "compared.unscored": (
            "No right answers are known for these; judge for yourself.",
            "这些问题没有已知答案，请自行判断。",
        ),
        "kind.own": ("Your questions", "您的问题"),
        "kind.held-out": ("From the exam’s rows", "来自考试数据"),
        "kind.general": ("General questions: is anything forgotten?", "通用问题：有没有遗忘？"),
        "kind.own_short": ("own", "自己的"),
        "kind.held-out_short": ("exam", "考试"),
        "kind.general_short": ("general", "通用"),
        # fine-tune: afterwards
        "finetune.adapter": ("Adapter", "适配器"),
        "finetune.columns": (
            "Name|Model id|Base model|r|Rows|Seconds",
            "名称|模型 id|基础模型|r|数据行数|秒",
        ),
        "finetune.delete": ("Delete adapter", "删除适配器"),
        "adapter.title": ("Adapters", "适配器"),
        "adapter.empty": (
            "No adapter yet: a training makes one.",
            "还没有适配器：完成一次训练就会有。",
        ),
        "adapter.new_name": ("New name", "新名称"),
        "adapter.facts": ("What it is|", "说明|"),
        "adapter.client": ("Ask it from Python", "在 Python 中提问"),
        "adapter.vllm": ("Serve it with vLLM", "用 vLLM 部署"),
        "adapter.zip": ("Download (.zip)", "下载（.zip）"),
        "adapter.gguf": ("For llama.cpp (.gguf)", "用于 llama.cpp（.gguf）"),
        "adapter.merge": ("Merge into the model", "合并到模型"),
        "adapter.merging": ("Merging: this takes a while …", "正在合并，需要一些时间……"),
        "adapter.merged": (
            "The merged model is on the server in {folder}; it is a model like any other.",
            "合并后的模型在服务器的 {folder}，可以像其他模型一样使用。",
        ),
        "adapter.left_out": ("Left out of the file: {files}", "未放入文件：{files}"),
        "adapter.repo": ("Repository of the Hub", "Hub 上的仓库"),
        "adapter.repo_placeholder": ("owner/name", "所有者/名称"),
        "adapter.private": ("Private", "私有"),
        "adapter.push": ("Push to the Hub", "推送到 Hub"),
        "adapter.pushing": ("Uploading …", "正在上传……"),
        "adapter.pushed": ("It is at {url}", "已上传到 {url}"),
        "runs.title": ("Trainings", "训练记录"),
        "runs.empty": ("No trainings yet.", "还没有训练。"),
        "runs.columns": (
            "Training|Status|Started|Rows|Epochs|Learning rate|Steps|Exam loss|Seconds|Right",
            "训练|状态|开始时间|行数|轮数|学习率|步数|考试损失|秒|答对",
        ),
        "runs.first": ("Training", "训练"),
        "runs.second": ("Compare with", "与之比较"),
        "runs.none": ("none", "无"),
        "runs.look": ("Look at it", "查看"),
        "runs.delete": ("Delete training", "删除训练记录"),
        "runs.settings": ("Settings that differ", "不同的参数"),
        "runs.same": ("None: the settings are the same.", "没有：参数相同。"),
        "runs.results": ("What came of it", "结果"),
        "runs.answers": ("Answers after the training", "训练后的回答"),
        "runs.differ": ("Setting|Result", "参数|结果"),
        "status.queued": ("waiting", "等待中"),
        "status.running": ("running", "进行中"),
        "status.succeeded": ("ready", "已完成"),
        "status.stopped": ("stopped", "已停止"),
        "status.failed": ("failed", "失败"),
        "setting.model": ("Model", "模型"),
        "setting.file": ("Rows", "数据"),
        "setting.form": ("What is learned", "学习内容"),
        "setting.start_from": ("Started from", "起点"),
        "setting.replay": ("Replay rows", "回放数据"),
        "result.status": ("Status", "状态"),
        "result.steps": ("Steps", "步数"),
        "result.training_loss": ("Training loss", "训练损失"),
        "result.exam_loss": ("Exam loss", "考试损失"),
        "result.seconds": ("Seconds", "秒"),
        "result.memory": ("Memory", "内存"),
        "result.right": ("Right before → after", "答对：前→后"),
        # evaluate
        "tab.evaluate": ("Evaluate", "评测"),
        "hint.oracle": (
            "The right passage, given: what a mode could do at best if retrieval never failed.",
            "直接给出含答案的原文：检索从不失误时，最好能做到多好。",
        ),
        "hint.oracle+lora": (
            "The right passage, given to the tuned weights.",
            "直接给出含答案的原文，由微调后的权重回答。",
        ),
        "step.asked": ("Questions", "问题"),
        "step.asked_hint": (
            "What is asked: the built-in questions about an invented observatory, which no model "
            "can know by heart, or a file of your own.",
            "要问什么：关于一座虚构天文台的内置问题（没有模型能事先背下），或您自己的文件。",
        ),
        "step.answering": ("Who answers", "由谁回答"),
        "step.answering_hint": (
            "Every question is asked once in each mode, with the same model and the same clock.",
            "每个问题在每种模式下各问一次，模型相同，计时方式相同。",
        ),
        "step.evaluation": ("Asking", "开始评测"),
        "step.evaluation_hint": (
            "It goes on when the page is closed, and every answer is kept at once. Leave the "
            "machine alone meanwhile: other work makes the times longer.",
            "关闭页面后会继续，每个回答都会立即保存。期间请勿让机器做别的事，否则用时会变长。",
        ),
        "step.figures": ("Results", "结果"),
        "step.figures_hint": (
            "How often each mode is right, how sure that is, and what it costs. Point at the "
            "head of a column to read what it means.",
            "每种模式答对多少、有多可靠、代价多大。把鼠标移到列名上可查看含义。",
        ),
        "step.sides": ("Every answer", "逐题对照"),
        "step.sides_hint": (
            "Figures hide much: read what was answered.",
            "数字会掩盖很多东西：请看看实际的回答。",
        ),
        "asked.source": ("Questions to ask", "使用哪些问题"),
        "asked.world": ("The built-in ones", "内置问题"),
        "asked.upload": ("A file of my own", "我自己的文件"),
        "asked.languages": ("In these languages", "语言"),
        "asked.kinds": ("Only of these kinds", "只问这些类型"),
        "asked.kinds_help": ("Nothing chosen: all kinds.", "不选则为全部类型。"),
        "asked.per_kind": ("Of each kind", "每类问题数"),
        "asked.per_kind_help": (
            "So many are drawn, in each language; 0 is all.",
            "每种语言各抽取这么多；0 表示全部。",
        ),
        "asked.draw": ("Seed of the draw", "抽取种子"),
        "asked.draw_help": (
            "The same number draws the same questions.",
            "数字相同，抽到的问题就相同。",
        ),
        "asked.file": (
            "Questions: JSONL, JSON, CSV, TSV, XLSX, Parquet or text",
            "问题文件：JSONL、JSON、CSV、TSV、XLSX、Parquet 或文本",
        ),
        "asked.columns": ("What such a file looks like", "文件示例"),
        "asked.columns_help": (
            "Only question is needed. answers: what a right answer contains; several are separated "
            "by |. kind: any word; unanswerable is for questions that have no answer. source: the "
            "title of the document with the answer, for the retrieval figures and the mode with "
            "the gold passage. Others are reference (a whole answer) and options.",
            "只有 question 是必需的。answers：正确答案中应包含的内容，多个之间用 | 分隔。"
            "kind：任意词；unanswerable 表示没有答案的问题。source：含答案的文档标题，"
            "用于检索指标和“给定原文”模式。还可以有 reference（完整参考答案）和 options（选项）。",
        ),
        "asked.no_file": (
            "Choose a file above: its first rows appear here, and what cannot be used.",
            "请在上方选择文件：这里会显示开头几行，以及不能使用的行。",
        ),
        "asked.count": ("Questions: {count}", "问题数：{count}"),
        "asked.head": ("Question|Accepted answers|Kind|Document", "问题|接受的答案|类型|文档"),
        "asked.unusable": ("Row {row} cannot be asked: {reason}", "第 {row} 行不能使用：{reason}"),
        "answering.modes": ("Modes", "模式"),
        "answering.own_base": ("the built-in one of each language", "各语言的内置知识库"),
        "answering.no_adapter": ("none", "无"),
        "answering.multiple_choice": ("Multiple choice, too", "同时做选择题"),
        "answering.multiple_choice_help": (
            "Where a question has options, each mode also picks the likeliest one: it tells small "
            "models apart that cannot phrase an answer.",
            "问题带有选项时，每种模式还要选出概率最高的一项：适合比较还不会组织语言的小模型。",
        ),
        "plan.title": ("The plan as a file", "评测方案文件"),
        "plan.help": (
            "Everything chosen in steps 1 and 2, to repeat it later, elsewhere, or on the command "
            "line: playground evaluate --plan plan.json",
            "第 1、2 步选择的全部内容，可供以后、在别处或用命令行重复："
            "playground evaluate --plan plan.json",
        ),
        "plan.save": ("Save as a file", "保存为文件"),
        "plan.open": ("Fill in from a file", "从文件填入"),
        "plan.again": ("Fill in from the evaluation shown below", "填入下方所示评测的方案"),
        "plan.filled": ("Filled in.", "已填入。"),
        "plan.needs_file": (
            "Filled in. A plan does not hold the questions: choose their file ({file}) in step 1.",
            "已填入。方案不含问题本身：请在第 1 步选择问题文件（{file}）。",
        ),
        "evaluation.size": (
            "Questions: {questions} · modes: {modes} · answers: {answers}",
            "问题 {questions} 个 · 模式 {modes} 种 · 回答 {answers} 个",
        ),
        "evaluation.start": ("Start", "开始评测"),
        "evaluation.shown": ("Evaluation to look at", "查看哪次评测"),
        "evaluation.label": (
            "{when} · {questions} questions × {modes} modes",
            "{when} · {questions} 个问题 × {modes} 种模式",
        ),
        "evaluation.stop": ("Stop", "停止"),
        "evaluation.resume": ("Go on", "继续"),
        "evaluation.delete": ("Delete", "删除"),
        "evaluation.delete_really": ("Really delete {name}", "确认删除 {name}"),
        "evaluation.idle": (
            "No evaluation yet. Leave steps 1 and 2 as they are, and press “Start”: on a laptop an "
            "answer takes about a second, with long context several; a hundred answers take a few "
            "minutes.",
            "还没有评测。第 1、2 步可以保持不变，直接点“开始评测”：在笔记本电脑上，"
            "一个回答约需一秒，长文本需数秒；一百个回答约需几分钟。",
        ),
        "evaluation.running": (
            "{done} of {total} answers",
            "已有 {done} / {total} 个回答",
        ),
        "evaluation.stopping": (
            "Stopping after the present answer.",
            "当前回答结束后停止。",
        ),
        "evaluation.elsewhere": (
            "It runs in another process of this machine, and can be stopped there.",
            "它在本机的另一个进程中运行，请在那里停止。",
        ),
        "evaluation.some_failed": ("{count} failed", "{count} 个出错"),
        "evaluation.stopped": (
            "Stopped at {done} of {total} answers: press “Go on” to ask the rest.",
            "已停在 {done} / {total} 个回答：点“继续”完成其余部分。",
        ),
        "evaluation.done": ("Done: {total} answers.", "已完成：{total} 个回答。"),
        "evaluation.failed": (
            "Answers that ended in an error: {count}. “Go on” asks them again.",
            "出错的回答：{count} 个。点“继续”会重新提问。",
        ),
        "evaluation.all": ("All evaluations", "全部评测"),
        "evaluation.none": ("No evaluations yet.", "还没有评测。"),
        "evaluation.columns": (
            "Evaluation|Status|Questions|Answers|Model|Modes",
            "评测|状态|问题数|回答数|模型|模式",
        ),
        "status.done": ("done", "已完成"),
        "report.form": ("As a file", "文件格式"),
        "report.html": ("Web page (HTML)", "网页（HTML）"),
        "report.md": ("Markdown", "Markdown"),
        "report.csv": ("Spreadsheet (CSV)", "表格（CSV）"),
        "report.make": ("Write the report", "生成报告"),
        "figures.none": (
            "Nothing answered yet: the figures appear here as answers come in.",
            "还没有回答：结果会随着回答陆续显示在这里。",
        ),
        "figures.by_heart": (
            "Leave out what the base model knew by heart ({count})",
            "去掉原始模型本来就会的问题（{count} 个）",
        ),
        "figures.by_heart_help": (
            "Questions that it gets right with no document say nothing about retrieval.",
            "不看文档就能答对的问题，说明不了检索的好坏。",
        ),
        "figures.right": ("Right answers", "正确率"),
        "figures.text": ("The answers as text", "回答的文字"),
        "figures.time": ("What they cost", "代价"),
        "figures.pairs": ("Every two modes on the same questions", "两两比较（同样的问题）"),
        "figures.retrieval": ("How well passages were found", "检索效果"),
        "figures.legend": ("What the figures mean", "各项指标的含义"),
        "figures.setup": ("What it ran on", "运行环境"),
        "figures.setup_columns": ("Setting|Value", "项目|值"),
        "figures.too_few": (
            "Fewer than 30 questions a mode: the intervals are wide, and most differences may be "
            "chance.",
            "每种模式不足 30 个问题：区间很宽，多数差异可能只是偶然。",
        ),
        "measure.right_help": (
            "Answers that contain an accepted one; where a question has no answer, that say so. "
            "The bar shows where the true share lies, 95 % sure (Wilson’s interval).",
            "包含被接受答案的回答；没有答案的问题则须说明没有。横条表示真实比例所在的 95% 区间"
            "（Wilson）。",
        ),
        "measure.f1_help": (
            "Overlap with the closest accepted answer, 0 to 1. English: words, as SQuAD. Chinese: "
            "the longest unbroken run of characters, as CMRC 2018. The two do not compare.",
            "与最接近的答案的重合度，0 到 1。英文按词计算（SQuAD）；中文按最长连续字串计算"
            "（CMRC 2018）。两者不可相互比较。",
        ),
        "measure.first_help": (
            "Seconds until the first word, retrieval included. Median / 95th percentile: half, and "
            "all but one in twenty, are faster.",
            "出现第一个词之前的秒数，含检索。中位数 / 第 95 百分位：一半、以及二十分之十九比它快。",
        ),
        "measure.speed_help": (
            "Tokens a second after the first one, median.",
            "首个 token 之后每秒生成的 token 数，中位数。",
        ),
        "measure.prompt_help": (
            "How many tokens the model had to read, median.",
            "模型需要读取的 token 数，中位数。",
        ),
        "measure.both_help": (
            "Questions that both modes got right.",
            "两种模式都答对的问题数。",
        ),
        "measure.onlyfirst_help": (
            "Questions that only the first mode got right.",
            "只有第一种模式答对的问题数。",
        ),
        "measure.onlysecond_help": (
            "Questions that only the second mode got right.",
            "只有第二种模式答对的问题数。",
        ),
        "measure.neither_help": (
            "Questions that neither mode got right.",
            "两种模式都没答对的问题数。",
        ),
        "measure.p_help": (
            "McNemar’s exact test: how likely so uneven a split would be if both were equally "
            "good. Below 0.05 (bold) is rarely chance; among twenty pairs, one such is to be "
            "expected.",
            "McNemar 精确检验：若两者同样好，出现如此悬殊结果的概率。小于 0.05（粗体）很少是偶然；"
            "但比较二十对时，出现一次这样的结果并不奇怪。",
        ),
        "sides.kind": ("Kind", "类型"),
        "sides.all": ("all", "全部"),
        "sides.disagree": ("Only where the modes disagree", "只看各模式结果不一致的"),
        "sides.previous": ("← Back", "← 上一页"),
        "sides.next": ("Next →", "下一页 →"),
        "sides.range": (
            "{first}–{last} of {total} questions",
            "第 {first}–{last} 个，共 {total} 个问题",
        ),
        "sides.none": ("No such question.", "没有这样的问题。"),
        "sides.question": ("Question", "问题"),
        "sides.accepted": ("accepted: {answers}", "接受：{answers}"),
        "sides.unanswerable": (
            "no answer exists: right is to say so",
            "没有答案：说明没有才算对",
        ),
        "sides.unscored": ("nobody said what is right", "未给出正确答案"),
        "sides.chosen": ("choice: {option}", "选择：{option}"),
        "sides.unmarked": ("not marked", "未评分"),
        "sides.not_asked": (
            "not asked: nobody knows where its answer stands",
            "未提问：不知道答案在哪里",
        ),
        # tradeoffs
        # API
        "tab.api": ("API", "接口"),
        "step.calling": ("Call it from a program", "在程序里调用"),
        "step.calling_hint": (
            "OpenAI's clients, unchanged but for the address: every mode and every adapter is a "
            "model id.",
            "OpenAI 的客户端只需改地址：每种模式、每个适配器都是一个模型 id。",
        ),
        "step.remote": ("Let another server's model answer", "让其他服务的模型作答"),
        "step.remote_hint": (
            "Any OpenAI-compatible server, in every mode of Ask, for you alone. Documents are "
            "searched here; only prompts are sent. The key stays in memory until you leave.",
            "任何兼容 OpenAI 的服务，可用于“提问”的所有模式，只对你有效。文档在本机检索，"
            "发出去的只有提示词。密钥只在内存中，离开页面即失效。",
        ),
        "api.model": ("Model id", "模型 id"),
        "api.program": ("Program", "程序"),
        "api.ids": ("All model ids", "全部模型 id"),
        "api.id": ("Model id", "模型 id"),
        "api.parent": ("Trained for", "所属模型"),
        "api.no_key": (
            "On this machine it needs no key; from elsewhere it cannot be called.",
            "本机调用不需要密钥；其他机器无法调用。",
        ),
        "api.key": (
            "It needs a key of this server (PLAYGROUND_API_KEY).",
            "需要本服务的密钥（PLAYGROUND_API_KEY）。",
        ),
        "api.closed": (
            "It is off: other machines reach this server, and it has no key. Set "
            "PLAYGROUND_API_KEY and start it again.",
            "接口已关闭：其他机器可以访问本服务，但没有设置密钥。"
            "请设置 PLAYGROUND_API_KEY 后重新启动。",
        ),
        "remote.server": ("Server", "服务"),
        "remote.base_url": ("Address (base_url)", "地址（base_url）"),
        "remote.key": ("API key", "API 密钥"),
        "remote.find": ("List its models", "列出它的模型"),
        "remote.model": ("Model", "模型"),
        "remote.window": ("Window in tokens", "窗口（token）"),
        "remote.window_help": ("0: as the server says", "0：以服务端为准"),
        "remote.input_price": ("Price of a million prompt tokens", "每百万提示词 token 的价格"),
        "remote.output_price": ("Price of a million answer tokens", "每百万回答 token 的价格"),
        "remote.use": ("Let it answer in Ask", "在“提问”中使用"),
        "remote.leave": ("Back to this machine", "换回本机模型"),
        "remote.none": ("In Ask, this machine's model answers.", "“提问”中由本机的模型作答。"),
        "remote.chosen": (
            "In Ask, {model} at {base_url} answers. An adapter is the id of a tuned model there.",
            "“提问”中由 {base_url} 的 {model} 作答。适配器填那里微调模型的 id。",
        ),
        "step.tuning": ("Tune a model there", "在那里微调模型"),
        "step.tuning_hint": (
            "The rows that you loaded in Fine-tune are sent to the server above, if it has "
            "OpenAI's fine-tuning API. Where files are taken by hand, export the rows there.",
            "把“微调”页加载的数据发送到上面的服务（需提供 OpenAI 的微调接口）。"
            "需要手工上传的平台，请在“微调”页导出数据。",
        ),
        "remote.name": ("Name (suffix)", "名称（suffix）"),
        "remote.epochs": ("Epochs", "训练轮数"),
        "remote.tune": ("Send the rows and train", "发送数据并训练"),
        "remote.jobs": ("Look up its jobs", "查看它的任务"),
        "remote.job": ("Job", "任务"),
        "remote.cancel": ("Cancel it", "取消任务"),
        "remote.tuned": ("The tuned model's id: {model}", "微调后的模型 id：{model}"),
        "tuning.validating_files": ("Looking at the files …", "正在检查文件……"),
        "tuning.queued": ("Waiting for its turn …", "排队中……"),
        "tuning.running": ("Training …", "训练中……"),
        "tuning.succeeded": ("Done.", "已完成。"),
        "tuning.failed": ("Failed.", "失败。"),
        "tuning.cancelled": ("Cancelled.", "已取消。"),
        "cost.money": ("Price", "费用"),
        "tab.tradeoffs": ("Trade-offs", "取舍"),
        "step.measuring": ("Measure the methods against one another", "实测三种方式"),
        "step.measuring_hint": (
            "Questions of every kind about the built-in world in your language, edited facts, a "
            "growing amount of text, a small training: some six minutes on two cores. Times are "
            "right if the machine does nothing else.",
            "在内置资料（按页面语言）上提出各类问题、修改知识点、不断增大资料量，并做一次小型训练："
            "两个核心上约需六分钟。机器空闲时测得的时间才准确。",
        ),
        "step.criteria": ("Eleven criteria, and your numbers", "十一项对比与实测数字"),
        "step.criteria_hint": (
            "What holds in general, and under it what was measured here.",
            "上面是一般规律，下面是在这里实测的结果。",
        ),
        "step.choice": ("Which one fits?", "该选哪一种？"),
        "step.choice_hint": (
            "Four answers, and the numbers decide.",
            "回答四个问题，由实测数字给出建议。",
        ),
        "step.costs": ("What it costs", "成本"),
        "step.costs_hint": (
            "Time and money beforehand, and for many answers.",
            "前期和大量回答所需的时间与费用。",
        ),
        "tradeoffs.start": ("Measure", "开始测量"),
        "tradeoffs.stop": ("Stop", "停止"),
        "tradeoffs.trial": ("Measurement", "测量记录"),
        "tradeoffs.own": ("Your own numbers", "使用自己的数据"),
        "tradeoffs.own_help": (
            "An evaluation of yours takes the place of the built-in questions.",
            "用你自己的评测结果替换内置问题的结果。",
        ),
        "tradeoffs.no_own": ("none: the built-in questions", "不使用：内置问题"),
        "tradeoffs.delete": ("Delete measurement", "删除测量"),
        "tradeoffs.delete_really": ("Delete for good", "确定删除"),
        "tradeoffs.label": ("{when} · {spoken} · {model}", "{when} · {spoken} · {model}"),
        "tradeoffs.running": (
            "Step {number} of {total}: {step} · {seconds} so far",
            "第 {number} 步，共 {total} 步：{step} · 已用 {seconds}",
        ),
        "tradeoffs.stopping": (
            "Stopping, after the present answer …",
            "正在停止，等待当前回答结束……",
        ),
        "tradeoffs.stopped": ("Stopped; nothing of it was kept.", "已停止，没有保留任何内容。"),
        "tradeoffs.measured": ("Measured in {seconds}.", "测量完成，用时 {seconds}。"),
        "tradeoffs.hint": (
            "Nothing was measured yet, so these are general statements alone. A measurement puts "
            "under each what it comes to on this machine, with this model: how many answers are "
            "right, seconds, tokens, memory, and how soon a changed fact is known.",
            "还没有实测，下面只是一般规律。测量之后，每一格会给出在这台机器、这个模型上的实际结果："
            "答对多少、用时、token 数、内存，以及修改后的知识多久能答对。",
        ),
        "tradeoffs.own_figures": (
            "Right answers, seconds and tokens are those of your evaluation: {file}, {count} "
            "questions.",
            "正确率、用时和 token 数来自你的评测：{file}，{count} 个问题。",
        ),
        "tradeoffs.own_rest": (
            "What it cannot tell comes from the built-in world, and is marked with ◦.",
            "评测无法给出的数字来自内置资料，以 ◦ 标出。",
        ),
        "tradeoffs.own_only": (
            "The rest is told by a measurement on the built-in world.",
            "其余数字需要在内置资料上测量。",
        ),
        "tradeoffs.world_figures": (
            "Measured {label}, window of {window} tokens, {processor}. Shares are of few "
            "questions. Seconds are medians; memory is the most that the whole program took, with "
            "all that was loaded by then.",
            "测量记录：{label}，窗口 {window} 个 token，{processor}。正确率只基于少量问题；"
            "用时取中位数；内存是整个程序（含已加载的全部内容）的峰值。",
        ),
        "column.criterion": ("Criterion", "对比项"),
        "column.long-context": ("Long context", "长文本"),
        "column.rag": ("Knowledge base", "知识库"),
        "column.lora": ("Fine-tuning", "微调"),
        "column.base": ("Base model", "原始模型"),
        "growth.title": ("Right answers as the knowledge grows", "资料量增大时的正确率"),
        "growth.x": ("tokens of knowledge", "资料量（token）"),
        "growth.window": ("window: {tokens}", "窗口：{tokens}"),
        "situation.change": ("How often does it change?", "知识多久变化一次？"),
        "situation.never": ("never", "不变"),
        "situation.monthly": ("every month", "每月"),
        "situation.daily": ("every day", "每天"),
        "situation.hourly": ("every hour", "每小时"),
        "situation.size": ("How large is it?", "资料有多少？"),
        "situation.pages": ("some pages (4,000 tokens)", "几页（4 千 token）"),
        "situation.book": ("a book (100,000)", "一本书（10 万）"),
        "situation.shelf": ("a shelf (1 million)", "一架书（100 万）"),
        "situation.library": ("a library (20 million)", "一座图书馆（2000 万）"),
        "situation.need": ("What should the model have?", "希望模型获得什么？"),
        "situation.facts": ("facts", "知识"),
        "situation.style": ("a style", "风格"),
        "situation.both": ("both", "两者"),
        "situation.hardware": ("What does it run on?", "在什么上运行？"),
        "situation.laptop": ("a machine like this one", "与本机类似的机器"),
        "situation.gpu": ("a machine with a GPU", "带 GPU 的机器"),
        "situation.remote": ("a provider’s interface", "服务商的接口"),
        "advice.hint": (
            "A recommendation needs numbers: measure first, or choose an evaluation of yours.",
            "给出建议需要实测数字：请先测量，或选择自己的评测。",
        ),
        "advice.none": ("None of the methods is left.", "没有可行的方式。"),
        "advice.out": ("Ruled out", "已排除"),
        "costs.none": ("Nothing was measured yet.", "还没有实测数据。"),
        "costs.head": (
            "Method|Time beforehand|Time of {answers} answers",
            "方式|前期用时|{answers} 次回答用时",
        ),
        "costs.money": (
            "Cost beforehand|Cost of {answers} answers",
            "前期费用|{answers} 次回答费用",
        ),
        "costs.hint": (
            "Enter prices, in any currency, to see what it costs.",
            "填写价格（任意货币）即可看到费用。",
        ),
    }
)


def option_key(config: type, field: str) -> str:
    """The key of an option's label; with ".help" behind it, of its help."""
    return f"{config.__name__}.{field}"


def _translations(language: Language) -> dict[str, str]:
    """Every static string: the page's own, and what the options say of themselves."""
    strings = {key: pair[language == "zh"] for key, pair in STRINGS.items()}
    for config in (AskOptions, TrainConfig, Prices):
        for field, (_, option) in options_of(config).items():
            strings[option_key(config, field)] = option.label(language)
            strings[option_key(config, field) + ".help"] = option.help(language)
    for name, preset in PRESETS.items():
        strings[f"preset.{name}"] = preset.zh if language == "zh" else preset.en
    return strings


# language.js lets the browser ask for no other tags.
I18N = gr.I18n(**{"en": _translations("en"), "zh-CN": _translations("zh")})


def text(key: str, language: Language, **details: object) -> str:
    """The string of `key`, with its {placeholders} filled."""
    return STRINGS[key][language == "zh"].format(**details)


def language_from(request: gr.Request | Request) -> Language:
    """The language that the page's address names, else what the browser asks for first."""
    wanted = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "zh" if wanted.lower().startswith("zh") else "en"
