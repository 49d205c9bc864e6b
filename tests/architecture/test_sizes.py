"""Sizes are a ratchet: what outgrows its room is split by subject or is listed here with a reason; a list may only shrink (ruling 27)."""

import pytest
from project_source import all_python_files, functions_of, name_of, template_files, text_of

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 45, 180

# path → (lines allowed, why it is one subject)
LONG_FILES: dict[str, tuple[int, str]] = {}
LONG_FUNCTIONS: dict[str, tuple[int, str]] = {}
LONG_TEMPLATES: dict[str, tuple[int, str]] = {}


def _python_lengths() -> dict[str, int]:
    return {name_of(path): len(text_of(path).splitlines()) for path in all_python_files()}


def _function_lengths() -> dict[str, int]:
    return {
        f"{name_of(path)}::{name}": node.end_lineno - node.lineno + 1
        for path in all_python_files()
        for name, node in functions_of(path)
    }


def _template_lengths() -> dict[str, int]:
    return {name_of(path): len(text_of(path).splitlines()) for path in template_files()}


KINDS = [
    pytest.param(_python_lengths, FILE_LINES, LONG_FILES, id="files"),
    pytest.param(_function_lengths, FUNCTION_LINES, LONG_FUNCTIONS, id="functions"),
    pytest.param(_template_lengths, TEMPLATE_LINES, LONG_TEMPLATES, id="templates"),
]


@pytest.mark.parametrize("lengths, limit, exceptions", KINDS)
def test_nothing_outgrows_its_room(lengths, limit, exceptions):
    wrong = {name: lines for name, lines in lengths().items() if lines > exceptions.get(name, (limit, ""))[0]}
    assert not wrong, "\n".join(f"{name}: {lines} lines, {limit} allowed" for name, lines in sorted(wrong.items()))


@pytest.mark.parametrize("lengths, limit, exceptions", KINDS)
def test_the_list_of_long_ones_only_shrinks(lengths, limit, exceptions):
    now = lengths()
    stale = [name for name in exceptions if now.get(name, 0) <= limit]
    assert not stale, f"short enough now, take it off the list: {stale}"
    assert all(reason for _, reason in exceptions.values())
