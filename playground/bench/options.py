"""What a user may set for a benchmark, and which groups of figures there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from playground.options import Option, check, option

# Apart from the code that measures them, which takes seconds to import: `--help` names them.
GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "start": "importing, --help, and the first token of a fresh process",
        "decode": "tokens per second behind a short prompt",
        "document": "a long document: the first question, the second, and tokens per second",
        "adapter": "tokens per second with an adapter, and switching to it",
        "embedding": "questions and passages to vectors",
        "rag": "an answer from retrieved passages, end to end",
        "clients": "eight clients at once",
        "memory": "resident memory after every mode was used",
        "parity": "the same answers as transformers in float32",
    }
)


@dataclass(frozen=True)
class BenchOptions:
    """How much is measured. Raises InvalidSetting for values out of bounds."""

    rounds: int = option(
        3,
        Option(
            en="Rounds",
            zh="轮数",
            help_en="How many times each contestant is measured, in turn with the others.",
            help_zh="每个参测者轮流测量多少次。",
            minimum=1,
            maximum=100,
        ),
    )
    limit: int = option(
        100,
        Option(
            en="Questions",
            zh="问题数",
            help_en="How many questions of each set parity asks at most.",
            help_zh="一致性测试中每组最多问多少个问题。",
            minimum=1,
            maximum=100_000,
        ),
    )
    prompt_tokens: int = option(
        4400,
        Option(
            en="Long prompt",
            zh="长提示词",
            help_en="About how many tokens the prompt with the long document has.",
            help_zh="带长文档的提示词大约有多少个 token。",
            minimum=256,
            maximum=8000,
        ),
    )

    def __post_init__(self) -> None:
        check(self)
