"""A strict policy needs strict pages: nothing inline, nothing from outside, nothing marked safe, no way round CSRF (trust I8, C4, C8)."""

import ast
import re

import pytest
from project_source import app_files, imports_of, name_of, static_files, template_files, text_of, tree_of

# The SVG and XML namespaces are names, not addresses: nothing is fetched from them.
NAMESPACES = re.compile(r"https?://www\.w3\.org/(?:2000/svg|1999/xlink|1999/xhtml|XML/1998/namespace)")
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.S)

IN_TEMPLATES = {
    "marked safe": re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off"),
    "inline style": re.compile(r"<style[\s>]|\sstyle\s*=", re.I),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "inline script": re.compile(r"<script(?![^>]*\bsrc\s*=)[^>]*>", re.I),
    "javascript: address": re.compile(r"javascript\s*:", re.I),
    "external address": re.compile(r"https?://|(?:src|href|action)\s*=\s*[\"']//", re.I),
    "htmx evaluation": re.compile(r"hx-(?:on|vals)\s*[:=]\s*[\"']js:", re.I),
}
IN_STATIC = {
    "external address": re.compile(r"https?://|@import|url\(\s*[\"']?//"),
    "storage of the browser (C4: drafts are on the server)": re.compile(
        r"\b(?:localStorage|sessionStorage|indexedDB)\b"
    ),
    "markup from text": re.compile(
        r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b|\beval\(|new Function\("
    ),
}
# (file, fault) → why; may only shrink
EXCEPTIONS: dict[tuple[str, str], str] = {}


def _faults(files, rules) -> dict[tuple[str, str], str]:
    found = {}
    for path in files:
        text = NAMESPACES.sub("", COMMENTS.sub(lambda match: "\n" * match.group().count("\n"), text_of(path)))
        for fault, rule in rules.items():
            if match := rule.search(text):
                found[(name_of(path), fault)] = (
                    f"line {text.count(chr(10), 0, match.start()) + 1}: {match.group().strip()}"
                )
    return found


@pytest.mark.parametrize(
    "files, rules", [(template_files, IN_TEMPLATES), (static_files, IN_STATIC)], ids=["templates", "static"]
)
def test_a_page_holds_nothing_that_the_policy_forbids(files, rules):
    wrong = {key: where for key, where in _faults(files(), rules).items() if key not in EXCEPTIONS}
    assert not wrong, "\n".join(f"{file}: {fault}: {where}" for (file, fault), where in sorted(wrong.items()))


def test_the_list_of_exceptions_only_shrinks():
    assert set(EXCEPTIONS) <= set(_faults(template_files(), IN_TEMPLATES)) | set(_faults(static_files(), IN_STATIC))


@pytest.mark.parametrize("fault, example", [
    ("marked safe", "{{ name|safe }}"),
    ("inline style", '<p style="color:red">'),
    ("inline handler", '<a onclick="go()">'),
    ("inline script", "<script>go()</script>"),
    ("external address", '<img src="//cdn.example.com/x.png">'),
])  # fmt: skip
def test_the_rules_see_what_they_are_there_for(fault, example):
    assert IN_TEMPLATES[fault].search(example)


def test_no_code_marks_text_safe_or_goes_round_csrf():
    banned = ("mark_safe", "SafeString", "SafeText", "csrf_exempt", "RawSQL", "requires_csrf_token")
    wrong = [
        f"{name_of(path)}:{line} {target}"
        for path in app_files()
        for line, target in imports_of(path)
        if target.split(".")[-1] in banned
    ]
    assert not wrong, wrong


def test_no_code_asks_the_orm_for_raw_sql():
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in app_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("raw", "extra")
    ]
    assert not wrong, wrong


def test_no_sql_is_put_together_from_what_a_caller_says():
    """Formatted SQL is allowed only where the parts are names that the project itself declares."""
    allowed = {
        "core/bulk.py": "tables and columns of models",
        "fupin/bench/pulling.py": "a statement that the ORM made, inside COPY",
        "fupin/bench/rooms.py": "the quoted name of a database, checked by the command",
        "fupin/bench/stored.py": "tables and columns of models",
        "core/immutability.py": "names of tables and columns from declared guards",
        "fupin/management/commands/grant_app_role.py": "quoted names of roles and tables",
    }
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in app_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("execute", "executemany")
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
        and name_of(path) not in allowed
    ]
    assert not wrong, wrong


def test_no_code_swallows_every_error():
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in app_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert not wrong, wrong
