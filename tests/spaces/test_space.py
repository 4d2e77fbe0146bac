"""The Space: its papers are in order, and it starts from them alone and answers anybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from playground.settings import Settings
from tests.ui.conftest import serve

ROOT = Path(__file__).parent.parent.parent
SPACE = ROOT / "spaces"
COLORS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
INSTALL_SECONDS, PATIENCE = 1500, 300_000


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file):
    lines = (line.split("#")[0].split(";")[0].strip() for line in file.read_text().splitlines())
    pairs = (line.split("==") for line in lines if line)
    return {canonical(name): version for name, version in pairs}


def front_matter():
    _, told, _ = (SPACE / "README.md").read_text("utf-8").split("---", 2)
    return yaml.safe_load(told)


def test_its_requirements_are_the_packages_own_as_they_are_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {canonical(re.match(r"[\w.-]+", one)[0]) for one in project["dependencies"]}
    wanted, known = pins(SPACE / "requirements.txt"), pins(ROOT / "constraints.txt")
    assert wanted.keys() == named | {"spaces"}
    assert {name: known[name] for name in named} == {n: wanted[n] for n in named}


def test_its_front_matter_is_what_the_hub_takes():
    told = front_matter()
    assert told["sdk"] == "gradio"
    assert told["sdk_version"] == pins(ROOT / "constraints.txt")["gradio"]
    assert (SPACE / told["app_file"]).is_file()
    assert {told["colorFrom"], told["colorTo"]} <= COLORS
    assert len(told["short_description"]) <= 60
    assert sys.version_info >= tuple(map(int, told["python_version"].split(".")))


def test_its_variables_are_settings():
    names = set(re.findall(r"PLAYGROUND_(\w+)", (SPACE / "README.md").read_text("utf-8")))
    names |= set(re.findall(r"PLAYGROUND_(\w+)", (SPACE / "app.py").read_text("utf-8")))
    names |= set(re.findall(r"PLAYGROUND_(\w+)=", (SPACE / "Dockerfile").read_text("utf-8")))
    assert names <= {name.upper() for name in Settings.__dataclass_fields__}


def test_the_dockerfile_is_clean_and_copies_what_there_is():
    linter = Path(sys.executable).with_name("hadolint")
    said = subprocess.run([linter, SPACE / "Dockerfile"], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    copied = re.findall(r"^COPY --chown=user (.+) \S+$", (SPACE / "Dockerfile").read_text(), re.M)
    assert copied
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    """The Space's folder, and a Python of its own that has what it asks for, and no more."""
    home = tmp_path_factory.mktemp("space")
    subprocess.run(["make", "-s", "space", f"SPACE={home / 'app'}"], cwd=ROOT, check=True)
    venv.create(home / "venv", with_pip=True)
    python = home / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "-r", home / "app" / "requirements.txt"]
    subprocess.run(install, check=True, timeout=INSTALL_SECONDS)
    return home / "app", python


@pytest.mark.embedded
@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_it_starts_from_its_folder_alone_and_answers(space, browser, models_dir, tmp_path):
    folder, python = space
    inherited = {n: v for n, v in os.environ.items() if not n.startswith(("PLAYGROUND_", "PYTHON"))}
    own = {"PLAYGROUND_CACHE_DIR": str(models_dir.parent), "PLAYGROUND_DATA_DIR": str(tmp_path)}
    process, url = serve(
        {**inherited, **own},
        program=("app.py",),
        python=python,
        cwd=folder,
    )
    try:
        page = browser.new_context(locale="zh-CN").new_page()
        page.goto(url)
        page.wait_for_selector("#examples button", timeout=PATIENCE)
        page.get_by_label("长文本", exact=True).uncheck()  # it reads for a minute
        page.locator("#examples button").first.click()
        for mode in ("rag", "lora"):
            cost = page.locator(f"#pane-{mode} .pg-cost")
            expect(cost).to_be_visible(timeout=PATIENCE)
        assert "公共页面" in page.locator("#header").inner_text()
    finally:
        process.terminate()
        process.communicate(timeout=20)
