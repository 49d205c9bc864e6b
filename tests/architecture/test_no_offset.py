"""No page and no list counts its way to a row: OFFSET costs more with every page (issue: speed)."""

import ast

import pytest
from project_source import all_python_files, name_of, template_files, text_of

WORDS = ("django.core.paginator", "rest_framework.pagination")


def _reads_from_the_middle(path) -> list[int]:
    """Lines that slice a queryset from a number other than 0: `rows.order_by(…)[50:100]`, `rows[start:]` of a chain of calls."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.lower is not None
        and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute) and node.value.func.attr in QUERYSET
    ]  # fmt: skip


QUERYSET = ("all", "filter", "exclude", "order_by", "values", "values_list", "annotate", "select_related", "distinct", "visible_to", "ordered", "after")


def _sources():
    return [path for path in all_python_files() if not name_of(path).startswith(("tests/", "fupin/demo/"))]


@pytest.mark.once
def test_no_module_turns_pages_by_number():
    wrong = {name_of(path) for path in _sources() if any(word in text_of(path) for word in WORDS) or "OFFSET" in text_of(path)}
    wrong |= {f"{name_of(path)}:{line}" for path in _sources() for line in _reads_from_the_middle(path)}
    assert not wrong
    assert not {name_of(path) for path in template_files() if "?page=" in text_of(path) or "&page=" in text_of(path)}
