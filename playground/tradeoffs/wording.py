"""Measurements in words, in both languages, for the page, the report and the command line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import get_args

from playground.dataset.reasons import Reason as Text
from playground.naming import NAMES
from playground.tradeoffs.measurement import Measurement, Missing, Name, Step
from playground.types import Language
from playground.world import QuestionKind

METHOD_NAMES: Mapping[str, Text] = MappingProxyType(
    {
        "base": Text("base model", "原始模型"),
        "long-context": Text("long context", "长文本"),
        "rag": Text("knowledge base", "知识库"),
        "lora": Text("fine-tuning", "微调"),
    }
)
KINDS: Mapping[str, Text] = MappingProxyType(
    {
        **{kind: Text(*NAMES[f"question.{kind}"]) for kind in get_args(QuestionKind)},
        "cold": Text("a new prompt", "新的提示"),
        "cached": Text("mostly in the cache", "大部分已缓存"),
        "training": Text("the training", "训练"),
    }
)
STEPS: Mapping[Step, Text] = MappingProxyType(
    {
        "prepare": Text("loading the models", "加载模型"),
        "index": Text("indexing the documents", "建立索引"),
        "answers": Text("asking questions of every kind", "逐类提问"),
        "freshness": Text("editing facts, and training on the edits", "修改知识点并训练"),
        "second": Text("a second set of documents", "第二批资料"),
        "growth": Text("letting the knowledge grow", "增大资料量"),
    }
)
_TEXTS: Mapping[Name, Text] = MappingProxyType(
    {
        "right": Text("{share} right", "答对 {share}"),
        "right_at_size": Text("{share} right at {at} tokens", "{at} token 时答对 {share}"),
        "seconds_to_first_token": Text("first token after {s}", "首个 token {s}"),
        "seconds_to_answer": Text("{s} an answer", "每个回答 {s}"),
        "prompt_tokens": Text("{n} prompt tokens", "提示 {n} 个 token"),
        "completion_tokens": Text("{n} answer tokens", "回答 {n} 个 token"),
        "labelled_rows": Text("{n} labelled rows", "{n} 行标注数据"),
        "documents": Text("{n} documents", "{n} 篇文档"),
        "document_tokens": Text("{n} tokens of text", "共 {n} 个 token 的文本"),
        "training_seconds": Text("{s} of training, when it was made", "制作时训练了 {s}"),
        "indexing_seconds": Text("{s} of indexing", "索引 {s}"),
        "freshness_seconds": Text(
            "{s} from an edit to the first right answer ({count} of {total} edits)",
            "从修改到第一次答对 {s}（{total} 处修改中 {count} 处）",
        ),
        "second_base_seconds": Text(
            "{s} until the first answer from a second set of documents, of {at} tokens",
            "从第二批资料（{at} token）得到首个回答需 {s}",
        ),
        "memory_bytes": Text("at most {gb} of memory", "内存最多 {gb}"),
    }
)
_NAMES: Mapping[Name, Text] = MappingProxyType(
    {
        "right": Text("answers", "回答"),
        "right_at_size": Text("at {at} tokens", "{at} token 时"),
        "labelled_rows": Text("labelled rows", "标注数据"),
        "training_seconds": Text("training", "训练用时"),
        "freshness_seconds": Text("from an edit to an answer", "从修改到答对"),
        "second_base_seconds": Text("a second set of documents", "第二批资料"),
        "memory_bytes": Text("memory", "内存"),
    }
)
_NOT_MEASURED = Text("not measured – {what}: {why}", "未测得——{what}：{why}")
_COLONS = Text(": ", "：")
_COMMAS = Text(", ", "，")
_FURTHER = Text("{share} at {at}", "{at} 时 {share}")
_PAID_BACK = Text(
    "The training for {tuned} is paid back in {unit} after {answers} answers of {other}.",
    "与{other}相比，{tuned}的训练在 {answers} 次回答后收回{unit}成本。",
)
_AT_ONCE = Text(
    "Beforehand, {tuned} takes no more {unit} than {other}.",
    "{tuned}的前期{unit}成本不高于{other}。",
)
_NEVER = Text(
    "The training for {tuned} is never paid back: an answer takes no less {unit} than of {other}.",
    "{tuned}每次回答的{unit}成本不低于{other}：训练成本永远收不回来。",
)
# From so many seconds on, the seconds of the unit, and its name.
_UNITS = (
    (2 * 86_400, 86_400, Text("days", "天")),
    (2 * 3600, 3600, Text("h", "小时")),
    (2 * 60, 60, Text("min", "分钟")),
    (0, 1, Text("s", "秒")),
)
TIME = Text("time", "时间")
MONEY = Text("money", "费用")


def method(mode: str, language: Language) -> str:
    """What a mode is called in a sentence."""
    return " + ".join(METHOD_NAMES[part].text(language) for part in mode.split("+"))


def told(one: Measurement, language: Language) -> str:
    """One measurement as a phrase."""
    return _of_kinds([one], _bare(one, language), language)


def phrases(measured: Iterable[Measurement], language: Language) -> list[str]:
    """`told` of each; kinds with the same share stand together, and so do all sizes."""
    alike: dict[object, list[Measurement]] = {}
    for one in measured:
        key = (one.name, one.share) if one.kind and one.share else one.name if one.at else one
        alike.setdefault(key, []).append(one)
    return [_together(found, language) for found in alike.values()]


def _together(found: Sequence[Measurement], language: Language) -> str:
    first, *rest = found
    if not first.at:
        return _of_kinds(found, _bare(first, language), language)
    further = (_FURTHER.text(language).format(**_values(one, language)) for one in rest)
    return _COMMAS.text(language).join((_bare(first, language), *further))


def _of_kinds(found: Sequence[Measurement], phrase: str, language: Language) -> str:
    kinds = [KINDS[k].text(language) if (k := one.kind) in KINDS else k for one in found]
    head = _COMMAS.text(language).join(kind for kind in kinds if kind)
    return f"{head}{_COLONS.text(language)}{phrase}" if head else phrase


def _bare(one: Measurement, language: Language) -> str:
    return _TEXTS[one.name].text(language).format(**_values(one, language))


def _values(one: Measurement, language: Language) -> dict[str, object]:
    share = one.share
    return {
        "share": f"{share.count}/{share.total}" if share else "",
        "s": seconds(one.value, language),
        "n": f"{one.value:,.0f}",
        "gb": f"{one.value / 1e9:.1f} GB",
        "at": f"{one.at or 0:,}",
        "count": one.count,
        "total": one.total,
    }


def lacking(missing: Iterable[Missing], language: Language) -> list[str]:
    """What was not measured and why, as phrases; of one figure at several sizes, one phrase."""
    alike: dict[tuple[str, Name], list[Missing]] = {}
    for one in missing:
        alike.setdefault((one.mode, one.name), []).append(one)
    return [_lacking(of_one, language) for of_one in alike.values()]


def _lacking(missing: list[Missing], language: Language) -> str:
    first = missing[0]
    sizes = ("、" if language == "zh" else "; ").join(f"{m.at:,}" for m in missing if m.at)
    name = _NAMES.get(first.name)
    what = name.text(language).format(at=sizes) if name else first.name
    return _NOT_MEASURED.text(language).format(what=what, why=first.text(language))


def paid_back(answers: float, tuned: str, other: str, unit: Text, language: Language) -> str:
    """What `money.break_even` found of two modes; `unit` is TIME or MONEY."""
    told = _NEVER if math.isinf(answers) else _PAID_BACK if answers > 0 else _AT_ONCE
    names = {"tuned": method(tuned, language), "other": method(other, language)}
    count = "" if math.isinf(answers) else f"{math.ceil(answers):,}"
    return told.text(language).format(**names, unit=unit.text(language), answers=count)


def seconds(value: float, language: Language) -> str:
    """A duration as people say it."""
    _, unit, name = next(one for one in _UNITS if value >= one[0])
    amount = value / unit
    digits = 0 if amount >= 20 or amount < 0.005 else 1 if amount >= 1 else 2
    return f"{amount:.{digits}f} {name.text(language)}"
