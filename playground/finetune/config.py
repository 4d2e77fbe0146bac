"""How an adapter is trained: every knob with its label, help and bounds."""

from __future__ import annotations

from dataclasses import dataclass

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
