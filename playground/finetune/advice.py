"""What is likely to disappoint in a training that is not started yet."""

from __future__ import annotations

import math

from playground.dataset.reasons import Reason
from playground.finetune.config import TrainConfig

_TINY, _LARGE = 500e6, 1e9  # parameters
_FEW_STEPS = 40
_LARGE_BATCH = 32


def advise(config: TrainConfig, *, rows: int, parameters: int | None) -> tuple[Reason, ...]:
    """Warnings that the literature and our own runs give for these settings.

    Learning rates: "LoRA Without Regret" (2025) finds the best one about ten times that of full
    tuning, higher for narrow models, and large batches harmful. `parameters` are the model's,
    None if unknown.
    """
    steps = math.ceil(rows / config.batch_size) * config.epochs
    checks = (
        (
            parameters is not None
            and parameters < _TINY
            and config.learning_rate * config.lora_alpha / config.r < 8e-4,
            f"A learning rate of {config.learning_rate:g} is low for a model this small; "
            "with less than 5e-4 hardly anything is learned in a short run.",
            f"对这么小的模型，学习率 {config.learning_rate:g} 偏低；"
            "低于 5e-4 时短时间内几乎学不到东西。",
        ),
        (
            parameters is not None and parameters > _LARGE and config.learning_rate > 5e-4,
            f"A learning rate of {config.learning_rate:g} is high for a model this large; "
            "1e-4 to 2e-4 is usual.",
            f"对这么大的模型，学习率 {config.learning_rate:g} 偏高；通常用 1e-4 到 2e-4。",
        ),
        (
            steps < _FEW_STEPS,
            f"{rows} rows × {config.epochs} epochs are only {steps} steps in all; with fewer than "
            f"{_FEW_STEPS} little sticks. Raise the epochs, lower the batch size, or add rows.",
            f"{rows} 行 × {config.epochs} 轮只有 {steps} 步；少于 {_FEW_STEPS} 步很难记住。"
            "请增加轮数、减小批大小或增加数据。",
        ),
        (
            config.batch_size >= _LARGE_BATCH,
            f"LoRA learns worse in batches of {config.batch_size}; 8 to 16 is usual.",
            f"批大小为 {config.batch_size} 时 LoRA 学得更差；通常用 8 到 16。",
        ),
        (
            config.target_modules == "attention",
            "With the attention layers alone, facts are learned worse, even with a higher rank.",
            "只训练注意力层时，即使提高秩，也更难学会知识。",
        ),
        (
            config.lora_alpha > 4 * config.r,
            f"lora_alpha {config.lora_alpha} is {config.lora_alpha / config.r:g} times r; "
            "that acts like a much higher learning rate. Twice r is usual.",
            f"lora_alpha {config.lora_alpha} 是 r 的 {config.lora_alpha / config.r:g} 倍，"
            "相当于大大提高学习率。通常取 r 的两倍。",
        ),
        (
            config.epochs > 20 and rows > 2 * config.batch_size,
            f"{config.epochs} epochs: the rows will be parroted and other things forgotten; "
            "watch the general questions.",
            f"{config.epochs} 轮：模型会照背数据并遗忘其他知识；请留意通用问题的结果。",
        ),
        (
            config.validation_share == 0 and config.early_stopping_patience > 0,
            "Without a mock exam the patience has no effect.",
            "没有模拟考试，“耐心”不起作用。",
        ),
    )
    return tuple(Reason(en, zh) for holds, en, zh in checks if holds)
