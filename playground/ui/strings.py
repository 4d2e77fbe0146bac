"""Every word of the page, in English and Chinese, in one place.

A long file, but one catalogue: who words or translates a string sees all the others.
"""

from __future__ import annotations

from types import MappingProxyType

import gradio as gr
from starlette.requests import Request

from playground.finetune import TrainConfig
from playground.modes import AskOptions
from playground.options import options_of
from playground.types import Language

# key: (English, Chinese)
STRINGS = MappingProxyType(
    {
        "title": ("Context Playground", "上下文游乐场"),
        "tagline": (
            "One question, one model, several ways to know: compare what each answers and costs.",
            "同一个问题、同一个模型、几种获得知识的方式：比较各自的回答与代价。",
        ),
        # modes
        "header.engine": ("Model {model} · engine {engine}", "模型 {model} · 引擎 {engine}"),
        "mode.base": ("Base model", "原始模型"),
        "mode.long-context": ("Long context", "长文本"),
        "mode.rag": ("Knowledge base (RAG)", "知识库（RAG）"),
        "mode.lora": ("Fine-tuned (LoRA)", "微调（LoRA）"),
        "mode.long-context+lora": ("Long context + LoRA", "长文本 + 微调"),
        "mode.rag+lora": ("RAG + LoRA", "知识库 + 微调"),
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
        # ask
        "tab.ask": ("Ask", "提问"),
        "ask.modes": ("Modes", "模式"),
        "ask.knowledge": ("Knowledge base", "知识库"),
        "ask.adapter": ("Adapter", "适配器"),
        "ask.question": ("Question", "问题"),
        "ask.placeholder": ("Ask anything about the documents…", "问一个与文档有关的问题……"),
        "ask.send": ("Ask", "提问"),
        "ask.stop": ("Stop", "停止"),
        "ask.examples": ("Try one", "试一试"),
        "ask.options": ("Options", "选项"),
        "ask.waiting": ("waiting for its turn …", "等待中……"),
        "ask.reading": ("reading the prompt …", "正在读取提示词……"),
        "ask.stopped": ("stopped", "已停止"),
        "budget.line": (
            "Long context would take {prompt} of {window} tokens (+ {answer} for the answer)",
            "长文本将占用 {window} 个 token 中的 {prompt} 个（另留 {answer} 个给回答）",
        ),
        "budget.over": (
            "Too long: {prompt} tokens + {answer} for the answer, but the window has {window}.",
            "太长：{prompt} 个 token，另加回答 {answer} 个，而窗口只有 {window} 个。",
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
        # knowledge
        "tab.knowledge": ("Knowledge", "知识库"),
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
        "job.done": ("Documents indexed: {count}", "已索引 {count} 篇文档"),
        "job.nothing": (
            "Nothing to do: all of it was there already.",
            "无需处理：内容均已存在。",
        ),
        # fine-tune
        "tab.finetune": ("Fine-tune", "微调"),
        "finetune.file": (
            "Training rows: JSON, JSONL or CSV",
            "训练数据：JSON、JSONL 或 CSV",
        ),
        "finetune.builtin": ("Use the built-in rows", "使用内置数据"),
        "finetune.preview": ("What the model will see", "模型将看到的内容"),
        "finetune.legend": (
            "Marked text is learned; the rest is only read.",
            "标出的文字会被学习，其余只是被读取。",
        ),
        "finetune.rows": (
            "{usable} usable rows of {total}. Shape: {shape} ({reason})",
            "共 {total} 行，可用 {usable} 行。格式：{shape}（{reason}）",
        ),
        "finetune.problem": ("Row {row}: {reason}", "第 {row} 行：{reason}"),
        "finetune.name": ("Name of the adapter", "适配器名称"),
        "finetune.settings": ("Settings", "超参数"),
        "finetune.start": ("Start training", "开始训练"),
        "finetune.stop": ("Stop", "停止"),
        "finetune.nodata": (
            "Choose a file or the built-in rows first.",
            "请先选择文件或内置数据。",
        ),
        "finetune.loss": ("Loss", "损失"),
        "finetune.train": ("training", "训练"),
        "finetune.validation": ("validation (mock exam)", "验证（模拟考试）"),
        "finetune.step": ("step", "步"),
        "finetune.adapters": ("Adapters", "适配器"),
        "finetune.columns": (
            "Name|Base model|r|Rows|Seconds",
            "名称|基础模型|r|数据行数|秒",
        ),
        "finetune.delete": ("Delete adapter", "删除适配器"),
        "finetune.idle": ("No training run yet.", "还没有训练。"),
        "run.queued": ("{name}: starting …", "{name}：正在启动……"),
        "run.running": (
            "{name}: step {step} of {total}, loss {loss}, {speed} tokens/s, about {eta} left",
            "{name}：第 {step} / {total} 步，损失 {loss}，每秒 {speed} 个 token，约剩 {eta}",
        ),
        "run.succeeded": (
            "{name} is ready after {seconds}: choose it as an adapter in Ask.",
            "{name} 已完成，用时 {seconds}：可在“提问”页选为适配器。",
        ),
        "run.stopped": (
            "{name} was stopped after {seconds}; what it had learned is kept.",
            "{name} 已停止，用时 {seconds}；已学到的内容已保存。",
        ),
        "run.failed": ("{name} failed: {reason}", "{name} 失败：{reason}"),
    }
)


def option_key(config: type, field: str) -> str:
    """The key of an option's label; with ".help" behind it, of its help."""
    return f"{config.__name__}.{field}"


def _translations(language: Language) -> dict[str, str]:
    """Every static string: the page's own, and what the options say of themselves."""
    strings = {key: pair[language == "zh"] for key, pair in STRINGS.items()}
    for config in (AskOptions, TrainConfig):
        for field, (_, option) in options_of(config).items():
            strings[option_key(config, field)] = option.label(language)
            strings[option_key(config, field) + ".help"] = option.help(language)
    return strings


_CHINESE = _translations("zh")
I18N = gr.I18n(
    en=_translations("en"),
    zh=_CHINESE,
    **dict.fromkeys(("zh-CN", "zh-TW", "zh-HK", "zh-SG"), _CHINESE),
)


def text(key: str, language: Language, **details: object) -> str:
    """The string of `key`, with its {placeholders} filled."""
    return STRINGS[key][language == "zh"].format(**details)


def language_from(request: gr.Request | Request) -> Language:
    """The language that the visitor's browser asks for first."""
    wanted = request.headers.get("accept-language", "")
    return "zh" if wanted.lower().startswith("zh") else "en"
