"""Documents name files and commands that exist: a page that points nowhere is worse than none."""

import re
from pathlib import Path

import pytest
from project_source import ROOT, text_of

PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]
OURS = (
    "core",
    "villages",
    "accounts",
    "households",
    "assessment",
    "reports",
    "fupin",
    "tests",
    "docs",
    "scripts",
    "docker",
    "templates",
    "static",
    "requirements",
)
# Below var/ and wheelhouse/ nothing is in the repository.
NAMED = re.compile(rf"(?<![\w/.])(?:{'|'.join(OURS)})/[\w./-]*[\w/]")
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_files_that_exist(page):
    prose = re.sub(r"^```.*?^```", "", text_of(page), flags=re.M | re.S)
    named = {found for code in re.findall(r"`([^`\n]+)`", prose) for found in NAMED.findall(code)}
    missing = {name for name in named if not (ROOT / name).exists()}
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_or_picture_of_a_page_exists(page):
    missing = {link for link in LINK.findall(text_of(page)) if not (page.parent / link).exists()}
    assert not missing


def test_the_readme_names_every_command():
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py") if path.stem != "__init__"}
    readme = text_of(ROOT / "README.md")
    missing = {name for name in commands if not re.search(rf"\b{name}\b", readme)}
    assert not missing


def test_the_readme_names_every_demo_account():
    from fupin.demo.accounts import CAST

    readme = text_of(Path(ROOT / "README.md"))
    assert not {login for login, *_ in CAST if f"`{login}`" not in readme}
