"""What the documents say exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.cli.main import build_parser

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "playground"


def files_in_the_tree():
    """(folder, file) of the tree in ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    tree = text.split("## The rooms")[1].split("```")[1]
    room, found = "", set()
    for line in tree.splitlines():
        indent = len(line) - len(line.lstrip())
        if indent == 2:
            folder = re.match(r"\s*(\w+)/", line)
            room = folder[1] if folder else ""
        names = re.match(r"\s*((?:\w+\.py ?)+)", line)
        found |= {f"{room}/{name}".lstrip("/") for name in (names[1].split() if names else [])}
    return found


def test_the_tree_names_every_file_of_the_package_and_no_other():
    there = {
        str(file.relative_to(PACKAGE).as_posix())
        for file in PACKAGE.rglob("*.py")
        if file.name not in ("__init__.py", "__main__.py")
    }
    assert files_in_the_tree() == there


GUIDES = (
    "docs/fine-tuning.md",
    "docs/fine-tuning.zh-CN.md",
    "docs/evaluating.md",
    "docs/evaluating.zh-CN.md",
    "docs/long-context.md",
    "docs/long-context.zh-CN.md",
    "docs/knowledge-base.md",
    "docs/knowledge-base.zh-CN.md",
)
OF_THE_API = ("docs/api.md", "docs/api.zh-CN.md")  # tests/api/test_docs.py runs their programs


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", *GUIDES, *OF_THE_API]
)
def test_paths_and_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    paths = re.findall(r"`((?:playground|knowledge|adapters|tests)/[\w./-]+)`", text)
    assert links
    beside = (ROOT / name).parent
    missing = [link for link in links if not (beside / link).exists()]
    missing += [path for path in paths if not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", *GUIDES])
def test_commands_in_the_documents_are_understood(name):
    import shlex

    text = (ROOT / name).read_text(encoding="utf-8")
    commands = re.findall(r"^(?:\.venv/bin/)?(playground [^#\n]+)", text, flags=re.M)
    assert len(commands) >= 6
    for command in commands:
        build_parser().parse_args(shlex.split(command)[1:])
