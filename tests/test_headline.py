"""The README's table of measured figures is what the embedded model does, within chance."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from playground.app import Playground
from playground.evaluation import Plan, Share, summarise
from playground.settings import Settings
from playground.world import WORLD_ADAPTER

ROOT = Path(__file__).parent.parent
KINDS = ("fact", "whole-document", "fresh", "style", "unanswerable", "general")
ASKED = ("fact", "style")  # the quick ones
MODES = ("base", "rag", "lora")
PER_KIND = 3


def table(name: str, language: str) -> dict[str, dict[str, Share]]:
    """Mode -> kind -> share, from the table under the comment that names the language."""
    text = (ROOT / name).read_text(encoding="utf-8")
    body = text.split(f"<!-- measured: {language} -->")[1].split("\n\n")[0]
    rows = [line.strip("|").split("|") for line in body.strip().splitlines()[2:]]
    found = {}
    for mode, *cells in rows:
        shares = re.findall(r"(\d+)/(\d+)", "|".join(cells))
        listed = [Share(int(count), int(total)) for count, total in shares]
        found[mode.strip(" `")] = dict(zip(KINDS, listed, strict=True))
    return found


def test_both_readmes_give_the_same_figures():
    for language in ("en", "zh"):
        assert table("README.md", language) == table("README.zh-CN.md", language)


@pytest.mark.embedded
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_embedded_model_does_what_the_readme_says(language, tmp_path, models_dir, world_data):
    shutil.copytree(world_data, tmp_path / "data")
    playground = Playground(Settings(cache_dir=models_dir.parent, data_dir=tmp_path / "data"))
    plan = Plan(
        MODES,
        languages=(language,),
        kinds=ASKED,
        per_kind=PER_KIND,
        adapter=WORLD_ADAPTER,
    )
    evaluations = playground.evaluations
    made = evaluations.create(plan, evaluations.questions(plan))
    for _ in evaluations.run(made.id):
        pass
    told = table("README.md", language)
    for summary in summarise(evaluations.marked(made.id)):
        assert summary.failed == 0
        for kind, share in summary.by_kind.items():
            (low, high), (least, most) = share.interval, told[summary.mode][kind].interval
            assert low <= most, (summary.mode, kind, str(share))
            assert high >= least, (summary.mode, kind, str(share))
