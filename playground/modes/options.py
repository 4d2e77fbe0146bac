"""What a user may set for a question; the CLI's flags and the page's widgets come from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.options import Option, check, option
from playground.types import Sampling

Overflow = Literal["refuse", "drop"]
Clock = Literal["fair", "shared"]


@dataclass(frozen=True)
class AskOptions:
    """How a question is asked. Raises InvalidSetting for values out of bounds."""

    top_k: int = option(
        3,
        Option(
            en="Passages (top_k)",
            zh="段落数（top_k）",
            help_en="How many passages rag retrieves: more find more, and cost more tokens.",
            help_zh="知识库模式检索多少段：越多越不易漏掉，但消耗的 token 也越多。",
            minimum=1,
            maximum=50,
        ),
    )
    min_score: float = option(
        -1.0,
        Option(
            en="Least similarity (min_score)",
            zh="最低相似度（min_score）",
            help_en="rag uses only passages with at least this similarity; if there are none, it "
            "says that the knowledge base does not hold the answer. 0 uses all; -1 decides by "
            "what was measured for the embedder.",
            help_zh="知识库模式只使用相似度不低于此值的段落；若没有，就说明知识库中没有答案。"
            "0 表示全部使用；-1 表示按嵌入模型实测的阈值判断。",
            minimum=-1,
            maximum=1,
        ),
    )
    max_tokens: int = option(
        128,
        Option(
            en="Longest answer (max_tokens)",
            zh="最长回答（max_tokens）",
            help_en="The answer is cut off after this many tokens.",
            help_zh="回答超过这么多 token 会被截断。",
            minimum=1,
            maximum=131072,
        ),
    )
    temperature: float = option(
        0.0,
        Option(
            en="Temperature",
            zh="温度（temperature）",
            help_en="0 always takes the likeliest token, so that answers can be compared.",
            help_zh="0 表示总取最可能的 token，便于比较；越大越随机。",
            minimum=0,
            maximum=2,
        ),
    )
    top_p: float = option(
        1.0,
        Option(
            en="Nucleus (top_p)",
            zh="核采样（top_p）",
            help_en="Sample from the likeliest tokens of this total probability.",
            help_zh="只从累计概率达到该值的 token 中采样。",
            minimum=0.01,
            maximum=1,
        ),
    )
    seed: int = option(
        0,
        Option(
            en="Seed",
            zh="随机种子（seed）",
            help_en="The same seed gives the same sampled answer.",
            help_zh="种子相同，采样得到的回答就相同。",
            minimum=0,
            maximum=2**31 - 1,
        ),
    )
    overflow: Overflow = option(
        "refuse",
        Option(
            en="Documents over the window",
            zh="文档超出窗口时",
            help_en="refuse: say so and stop; drop: leave out the last ones and show how much.",
            help_zh="refuse：提示并停止；drop：舍去排在最后的文档，并显示舍去了多少。",
            choices=("refuse", "drop"),
        ),
    )

    clock: Clock = option(
        "fair",
        Option(
            en="Clock",
            zh="计时方式",
            help_en="fair: each answer is computed alone, so that times compare; shared: together "
            "with other people's, which is faster for all and slower for each.",
            help_zh="fair：每个回答单独计算，时间可以比较；shared：与他人的回答一起计算，"
            "总体更快，单个更慢。",
            choices=("fair", "shared"),
        ),
    )

    def __post_init__(self) -> None:
        check(self)

    @property
    def sampling(self) -> Sampling:
        return Sampling(self.max_tokens, self.temperature, self.top_p, self.seed)
