"""The ten claims, and testing them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType

from playground.app import Playground
from playground.claims import asked, documents, trained
from playground.claims.claim import Claim, Verdict
from playground.claims.given import Given, Say
from playground.dataset.reasons import Reason as Text
from playground.tradeoffs.ground import Ground, scratch_folder
from playground.types import Language
from playground.world import WORLD_ADAPTER

PER_KIND = 20

CLAIMS = (
    Claim(
        1,
        Text(
            "For new facts retrieval is above LoRA on raw text, and LoRA rises with the number of "
            "phrasings it is trained on.",
            "对于新知识，检索优于在原文上训练的 LoRA；LoRA 的效果随训练问法的数量上升。",
        ),
        "Ovadia et al. 2024, arXiv 2312.05934",
        "trainings",
    ),
    Claim(
        2,
        Text(
            "A style sticks to tuned weights better than to passages.",
            "风格通过微调学得比通过检索更好。",
        ),
        "LoRA Learns Less and Forgets Less 2024, arXiv 2405.09673",
        "answers",
    ),
    Claim(
        3,
        Text(
            "LoRA trained without passages makes retrieval worse; trained with passages (RAFT), it "
            "does not.",
            "不带段落训练的 LoRA 会使检索变差；带段落训练（RAFT）则不会。",
        ),
        "RAFT 2024, arXiv 2403.10131",
        "trainings",
    ),
    Claim(
        4,
        Text(
            "Long context is no worse than retrieval while everything fits, and retrieval goes on "
            "past the window.",
            "内容放得进窗口时，长文本不逊于检索；超出窗口后，检索仍能回答。",
        ),
        "Self-Route 2024, arXiv 2407.16833; LaRA 2025, arXiv 2502.09977",
        "documents",
    ),
    Claim(
        5,
        Text(
            "Where in a long context the answer stands decides whether it is found.",
            "答案在长文本中的位置决定能否被找到。",
        ),
        "Lost in the Middle 2024, arXiv 2307.03172",
        "documents",
    ),
    Claim(
        6,
        Text(
            "The gold passage beats what is retrieved, and that beats no passage at all.",
            "给定原文优于检索到的段落，检索又优于什么都不给。",
        ),
        "Lost in the Middle 2024, arXiv 2307.03172",
        "answers",
    ),
    Claim(
        7,
        Text(
            "The time to the first token grows with the prompt, and a prefix cache takes most of "
            "it away.",
            "首个 token 的时间随提示变长而增加，前缀缓存能省去其中大部分。",
        ),
        "CAG 2024, arXiv 2412.15605",
        "documents",
    ),
    Claim(
        8,
        Text(
            "LoRA costs nothing more per prompt, but something is forgotten.",
            "LoRA 不增加每次提问的开销，但会遗忘一些东西。",
        ),
        "LoRA Learns Less and Forgets Less 2024, arXiv 2405.09673",
        "answers",
    ),
    Claim(
        9,
        Text(
            "Retrieval first and long context only where that finds nothing (Self-Route) keeps the "
            "quality for far fewer tokens.",
            "先检索，检索不到再读全文（Self-Route），能用少得多的 token 保持质量。",
        ),
        "Self-Route 2024, arXiv 2407.16833",
        "answers",
    ),
    Claim(
        10,
        Text(
            "Where nothing in the documents answers, the model says so more often than not.",
            "文档中没有答案时，模型多半会如实说明。",
        ),
        "RGB 2023, arXiv 2309.01431; LaRA 2025, arXiv 2502.09977",
        "answers",
    ),
)
_TESTS: Mapping[int, Callable[[Given], Verdict]] = MappingProxyType(
    {
        1: trained.new_facts,
        2: asked.style,
        3: trained.raft,
        4: documents.growth,
        5: documents.position,
        6: asked.utilisation,
        7: documents.prefix_cache,
        8: asked.tuned_cost,
        9: asked.self_route,
        10: asked.abstention,
    }
)


def examine(
    playground: Playground,
    language: Language,
    *,
    only: Collection[int] = (),
    adapter: str = WORLD_ADAPTER,
    per_kind: int = PER_KIND,
    say: Say = lambda _: None,
) -> Iterator[Verdict]:
    """A Verdict for each claim, as soon as it is reached."""
    for _ in playground.bases.add_world():
        pass
    playground.warm_up()
    with scratch_folder(playground.settings.evaluations_dir) as folder:
        given = Given(Ground(playground, language, folder, adapter), per_kind, say)
        for claim in CLAIMS:
            if not only or claim.number in only:
                yield _TESTS[claim.number](given)
