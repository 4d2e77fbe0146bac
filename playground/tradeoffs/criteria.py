"""The eleven rows by which the three methods are told apart, and what is measured for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from playground.dataset.reasons import Reason as Text  # a text in both languages
from playground.tradeoffs.measurement import Measurement, Missing, Name, Trial

METHODS: tuple[str, ...] = ("long-context", "rag", "lora")


@dataclass(frozen=True)
class Pick:
    """Figures of one name that stand in a row: `choose` takes them out of a trial, for a mode."""

    name: Name
    choose: Callable[[Trial, str], list[Measurement]]


@dataclass(frozen=True)
class Criterion:
    """One row: its title, what holds of each method in general, and which figures go under it."""

    key: str
    title: Text
    statements: Mapping[str, Text]
    picks: tuple[Pick, ...] = ()

    def measured(self, trial: Trial, mode: str) -> list[Measurement]:
        """What the trial has to say to this row, of one mode."""
        return [one for pick in self.picks for one in pick.choose(trial, mode)]

    def missing(self, trial: Trial, mode: str) -> list[Missing]:
        """What this row lacks of one mode, and why. Of rows with the same figure, the first."""
        return [
            one for one in trial.missing if one.mode == mode and _HOME.get(one.name) == self.key
        ]


def _all(name: Name, kind: str = "") -> Pick:
    return Pick(name, lambda trial, mode: trial.all(name, mode, kind))


def _sum_right(trial: Trial, mode: str) -> list[Measurement]:
    share = trial.right(mode)
    return [Measurement.of_share("right", mode, share)] if share else []


def _best_kinds(trial: Trial, mode: str) -> list[Measurement]:
    """The kinds that the mode does best; none if it is right nowhere."""
    kinds = trial.all("right", mode)
    best = max((one.value for one in kinds), default=0.0)
    return [one for one in kinds if one.value == best > 0]


def _worst_kinds(trial: Trial, mode: str) -> list[Measurement]:
    """The kinds that the mode does worst; none if it is right everywhere."""
    kinds = trial.all("right", mode)
    worst = min((one.value for one in kinds), default=1.0)
    return [one for one in kinds if one.value == worst < 1]


def _uncached(trial: Trial, mode: str) -> list[Measurement]:
    """With what a cache leaves of it, where that is known."""
    name: Name = "seconds_to_first_token"
    split = trial.all(name, mode, "cold") + trial.all(name, mode, "cached")
    return split or trial.all(name, mode)[:1]


def _median_first(trial: Trial, mode: str) -> list[Measurement]:
    return trial.all("seconds_to_first_token", mode)[:1]


def _row(
    key: str,
    title: tuple[str, str],
    long_context: tuple[str, str],
    rag: tuple[str, str],
    lora: tuple[str, str],
    *picks: Pick,
) -> Criterion:
    texts = (Text(*long_context), Text(*rag), Text(*lora))
    statements = MappingProxyType(dict(zip(METHODS, texts, strict=True)))
    return Criterion(key, Text(*title), statements, picks)


CRITERIA = (
    _row(
        "goal",
        ("Core goal", "核心目标"),
        ("See everything at once, in one prompt.", "在一次提示中通读全部内容。"),
        ("Look up what a question needs, when it is asked.", "提问时再去查找所需的内容。"),
        ("Change what the model itself can do and how it talks.", "改变模型自身的能力与表达方式。"),
        Pick("right", _sum_right),
    ),
    _row(
        "strengths",
        ("Strengths", "优点"),
        (
            "Nothing to prepare; sees how distant parts belong together.",
            "无需准备；能看到相距很远的内容之间的联系。",
        ),
        (
            "Any amount of text, few tokens an answer, sources that can be checked.",
            "资料量不限，每次回答消耗的 token 少，来源可查。",
        ),
        (
            "Short prompts, quick answers, a manner and a format that stick.",
            "提示短、回答快，风格与格式稳定。",
        ),
        Pick("right", _best_kinds),
        Pick("seconds_to_first_token", _median_first),
    ),
    _row(
        "weaknesses",
        ("Weaknesses", "缺点"),
        (
            "Thousands of tokens for each new set of documents; ends at the window.",
            "每换一批文档就要读入数千 token；受窗口长度限制。",
        ),
        (
            "What is not found cannot be answered; counting over everything fails.",
            "检索不到就答不出；难以对全部内容做统计。",
        ),
        (
            "Training before the first answer; facts go out of date inside the weights.",
            "先训练才能回答；写进权重的知识会过时。",
        ),
        Pick("right", _worst_kinds),
    ),
    _row(
        "fits",
        ("Where it fits", "适用场景"),
        (
            "A contract, a paper, a meeting: questions about one whole text.",
            "一份合同、一篇论文、一次会议：针对整篇内容提问。",
        ),
        (
            "Handbooks, support, anything that grows and changes.",
            "手册、客服，以及不断增长和变化的资料。",
        ),
        (
            "A voice, a fixed format, a narrow task asked again and again.",
            "固定的口吻、格式，或反复执行的专门任务。",
        ),
        _all("right"),
    ),
    _row(
        "extra_data",
        ("Extra data needed", "额外数据需求"),
        ("None: the documents as they are.", "不需要：文档原样即可。"),
        ("The documents, cut and indexed; no labels.", "需要把文档切分并建立索引；无需标注。"),
        (
            "Labelled rows: each fact asked in several ways, with its answer.",
            "需要标注数据：每个知识点用多种问法提问并给出答案。",
        ),
        _all("labelled_rows"),
        _all("documents"),
        _all("document_tokens"),
    ),
    _row(
        "retraining",
        ("Retraining", "重新训练需求"),
        ("Never.", "不需要。"),
        ("Never; what changed is indexed again.", "不需要；只对改动部分重新索引。"),
        ("Each time that what was learned changes.", "每次知识变化都要重新训练。"),
        _all("training_seconds"),
    ),
    _row(
        "technique",
        ("Technique", "技术实现"),
        (
            "A model with a long window; a prefix cache makes the second question cheap.",
            "需要长窗口模型；前缀缓存让后续提问变便宜。",
        ),
        (
            "Splitting, embeddings, an index, a ranking: more parts that can fail.",
            "切分、向量、索引、排序：环节更多，也更容易出错。",
        ),
        (
            "Data, hyper-parameters, a training run, an exam before it is used.",
            "数据、超参数、训练，以及上线前的考核。",
        ),
        _all("indexing_seconds"),
        _all("training_seconds"),
        _all("seconds_to_answer"),
    ),
    _row(
        "data_dependence",
        ("Dependence on data", "数据依赖性"),
        (
            "On all of it fitting the window, and on where in it the answer stands.",
            "取决于内容能否放进窗口，以及答案所在的位置。",
        ),
        (
            "On the answer being found: on how texts are cut, and what is asked.",
            "取决于能否检索到答案：与切分方式和问法有关。",
        ),
        (
            "On many good rows; what was never asked in training is not known.",
            "取决于大量优质数据；训练中没有问过的就不会。",
        ),
        _all("right_at_size"),
    ),
    _row(
        "freshness",
        ("Freshness", "实时性"),
        ("A changed document is read with the next question.", "文档修改后，下次提问即可读到。"),
        ("A changed document is found once it is indexed.", "文档修改并重新索引后即可查到。"),
        ("Only after another training.", "只有再次训练后才会更新。"),
        _all("freshness_seconds"),
        _all("right", "fresh"),
    ),
    _row(
        "resources",
        ("Use of resources", "资源消耗"),
        (
            "Much reading and memory per prompt; cached, little.",
            "每次提示的读取量和内存占用大；命中缓存后则很小。",
        ),
        ("An index to keep, one search, a short prompt.", "需保存索引，每次检索一次，提示较短。"),
        ("Costly once, cheap ever after.", "一次性投入较大，之后很便宜。"),
        _all("prompt_tokens"),
        Pick("seconds_to_first_token", _uncached),
        _all("memory_bytes"),
    ),
    _row(
        "flexibility",
        ("Flexibility", "灵活性"),
        ("Another text, another prompt: at once.", "换一份资料，只需换提示：立即生效。"),
        ("Another base beside the first, after indexing.", "可另建知识库，索引后即可使用。"),
        ("Another adapter, after another training.", "需另训一个适配器。"),
        _all("second_base_seconds"),
    ),
)

# Each figure that may be missing is missed in one row.
_HOME: Mapping[Name, str] = MappingProxyType(
    {pick.name: row.key for row in reversed(CRITERIA) for pick in reversed(row.picks)}
)
