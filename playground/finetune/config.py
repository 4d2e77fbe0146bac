"""How an adapter is trained: every knob with its label, help and bounds; and good starts."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from playground.options import Option, check, option


@dataclass(frozen=True)
class TrainConfig:
    """The options of one training run; the defaults teach some dozens of facts to a small model."""

    epochs: int = option(
        8,
        Option(
            "Epochs",
            "训练轮数",
            "How often every row is seen. Too many: the rows are parroted and the rest is "
            "forgotten; too few: nothing sticks.",
            "每一行数据被学习的次数。过多：只会照背，并遗忘其他知识；过少：记不住。",
            minimum=1,
            maximum=100,
        ),
    )
    learning_rate: float = option(
        1e-3,
        Option(
            "Learning rate",
            "学习率",
            "The size of a step. Too high: the loss jumps and answers turn into noise; too low: "
            "nothing is learned in time. Larger models want less (2e-4).",
            "每一步调整的幅度。过高：损失跳动，回答变成乱码；过低：学不到东西。"
            "更大的模型应更小（2e-4）。",
            minimum=1e-6,
            maximum=0.1,
        ),
    )
    batch_size: int = option(
        8,
        Option(
            "Batch size",
            "批大小",
            "Rows per step. Too many: memory runs out and there are few steps to learn in; too "
            "few: the steps are noisy.",
            "每一步使用的行数。过多：占用内存，学习步数变少；过少：每一步都不稳定。",
            minimum=1,
            maximum=256,
        ),
    )
    r: int = option(
        8,
        Option(
            "LoRA rank (r)",
            "LoRA 秩（r）",
            "The adapter's capacity. Too much: slower, and small data is parroted; too little: "
            "many facts do not fit in.",
            "适配器的容量。过大：更慢，数据少时容易照背；过小：装不下许多知识。",
            minimum=1,
            maximum=256,
        ),
    )
    lora_alpha: int = option(
        16,
        Option(
            "LoRA alpha",
            "LoRA alpha",
            "The adapter's weight, divided by r; keep it at twice r. Too much acts like too high "
            "a learning rate, too little like too low a one.",
            "适配器的权重（会除以 r），宜取 r 的两倍。过大相当于学习率过高，过小相当于学习率过低。",
            minimum=1,
            maximum=1024,
        ),
    )
    lora_dropout: float = option(
        0.0,
        Option(
            "LoRA dropout",
            "LoRA dropout",
            "The share of the adapter's inputs that is dropped at random. Too much: facts do not "
            "stick; too little (0): small data may be parroted.",
            "随机丢弃的适配器输入比例。过大：记不住知识；过小（0）：数据少时可能照背。",
            minimum=0,
            maximum=0.9,
        ),
    )
    target_modules: str = option(
        "all-linear",
        Option(
            "Target layers",
            "目标层",
            "Where the adapter sits. Too much (all-linear): a little slower; too little "
            "(attention): facts hardly fit in.",
            "适配器加在哪些层。过多（all-linear）：稍慢；过少（attention）：难以记住知识。",
            choices=("all-linear", "attention"),
        ),
    )
    max_length: int = option(
        1024,
        Option(
            "Longest row",
            "最长行",
            "In tokens; longer rows are refused, never cut. Too much: memory runs out; too "
            "little: rows are lost.",
            "以 token 计；更长的行会被拒绝，不会被截断。过大：内存可能不足；过小：会损失数据。",
            minimum=16,
            maximum=32768,
        ),
    )
    warmup_ratio: float = option(
        0.1,
        Option(
            "Warm-up share",
            "预热比例",
            "The share of the steps in which the learning rate rises to its full size. Too much: "
            "time is lost; too little: the first steps may do harm.",
            "学习率逐渐升到设定值所占的步数比例。过大：浪费时间；过小：最初几步可能破坏模型。",
            minimum=0,
            maximum=0.5,
        ),
    )
    lr_scheduler_type: str = option(
        "linear",
        Option(
            "Schedule",
            "学习率曲线",
            "How the learning rate goes down after the warm-up. Too much of it for too long "
            "(constant): the end stays restless; too little (linear): the last rows count less.",
            "预热之后学习率如何下降。一直过高（constant）：最后仍不稳定；"
            "降得过低（linear）：最后的数据作用较小。",
            choices=("linear", "cosine", "constant"),
        ),
    )
    validation_share: float = option(
        0.1,
        Option(
            "Validation share",
            "验证比例",
            "The share of the rows held back for a mock exam. Too much: what they say is not "
            "learned; too little: the exam says nothing. 0 switches it off.",
            "留作模拟考试的数据比例。过大：这些内容学不到；过小：考试没有意义。0 表示关闭。",
            minimum=0,
            maximum=0.5,
        ),
    )
    evals_per_epoch: int = option(
        1,
        Option(
            "Mock exams per epoch",
            "每轮模拟考试次数",
            "How often the rows held back are asked. Too often: time is lost; too rarely: the best "
            "moment is missed.",
            "多久用留出的数据考一次。过多：浪费时间；过少：错过最好的时刻。",
            minimum=1,
            maximum=20,
        ),
    )
    early_stopping_patience: int = option(
        0,
        Option(
            "Patience",
            "耐心（提前停止）",
            "Stop after so many mock exams without a better result. Too many: time is lost; too "
            "few: a pause is taken for the end. 0 never stops early.",
            "连续多少次模拟考试没有进步就停止。过大：浪费时间；过小：把停顿当成结束。"
            "0 表示不提前停止。",
            minimum=0,
            maximum=100,
        ),
    )
    keep: str = option(
        "best",
        Option(
            "Keep",
            "保留",
            "Which state is kept: that of the best mock exam, or the last one. Best may give up "
            "too much where facts are learned by heart; last may keep too little of the rest.",
            "保留哪个状态：模拟考试最好的（best），还是最后的（last）。"
            "死记知识时 best 可能停得太早；last 可能遗忘过多其他内容。",
            choices=("best", "last"),
        ),
    )
    low_memory: bool = option(
        False,
        Option(
            "Low memory",
            "省内存",
            "Few rows at a time, and what lies between the layers is computed twice. Too much of "
            "it: a training takes half as long again, or more; too little: memory may run out.",
            "每次只算很少几行，层间结果算两遍。开启：训练要多花一半以上的时间；关闭：内存可能不足。",
        ),
    )
    seed: int = option(
        0,
        Option(
            "Seed",
            "随机种子",
            "Decides everything random: the same seed gives the same run. No number is too "
            "high or too low.",
            "决定一切随机性：相同的种子得到相同的结果。大小没有好坏之分。",
            minimum=0,
            maximum=2**31 - 1,
        ),
    )

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Preset:
    """Changes to the defaults that fit a purpose, with its name in both languages."""

    en: str
    zh: str
    changes: MappingProxyType[str, Any]

    def config(self, **further: Any) -> TrainConfig:
        return TrainConfig(**{**self.changes, **further})


def _preset(en: str, zh: str, **changes: Any) -> Preset:
    return Preset(en, zh, MappingProxyType(changes))


PRESETS = MappingProxyType(
    {
        "facts": _preset("Teach facts", "教知识", epochs=8, keep="last"),
        "style": _preset("Teach a style", "教风格", epochs=4, learning_rate=5e-4),
        "task": _preset(
            "Teach a task", "教任务", epochs=3, learning_rate=5e-4, early_stopping_patience=2
        ),
        "quick": _preset("Quick look", "快速试试", epochs=2, r=4, lora_alpha=8),
    }
)
