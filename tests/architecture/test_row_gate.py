"""One gate for rows: what faces a user reaches a table through `visible_to` or through a selector, never straight (trust A1)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from project_source import app_files, imports_of, name_of, tree_of

FACING_A_USER = ("views", "api", "serializers", "filters", "forms", "context")

# Models whose rows belong to no area, so that there is nothing for the gate to compare.
OF_NO_AREA = {
    "Job": "belongs to the one who asked for it; every use names requested_by (a test below)",
    "RubricVersion": "one table for all who work with households",
    "ApiToken": "the log-in itself: before it there is no scope to ask with",
}
# (file, what is written) → why. The list may shrink, not grow; an entry that is no longer used fails.
EXCEPTIONS: dict[tuple[str, str], str] = {
    (
        "villages/views.py",
        "Township.objects.select_related",
    ): "the system administrator keeps every place and has no area (trust A3)",
    ("villages/views.py", "Village.objects.filter"): "as above",
    ("villages/views.py", "Village.objects.select_related"): "as above",
}


def _faces_a_user(path: Path) -> bool:
    return path.stem.split("_")[0] in FACING_A_USER or {"templatetags", "views", "api"} & set(path.parts)


def _managers(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """(line, what is written, names called on it one after another) for each use of a manager."""
    parents = {child: node for node in ast.walk(tree_of(path)) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            chain, inner, outer = [], node, parents[node]
            while isinstance(outer, ast.Attribute) or (isinstance(outer, ast.Call) and outer.func is inner):
                chain += [outer.attr] if isinstance(outer, ast.Attribute) else []
                inner, outer = outer, parents[outer]
            yield node.lineno, ".".join([ast.unparse(node), *chain[:1]]), chain


def _straight() -> dict[tuple[str, str], int]:
    found = {}
    for path in app_files():
        if _faces_a_user(path):
            for line, written, chain in _managers(path):
                if "visible_to" not in chain and written.split(".")[0] not in OF_NO_AREA:
                    found[(name_of(path), written)] = line
    return found


def test_a_page_or_api_reaches_rows_only_through_the_gate():
    wrong = {key: line for key, line in _straight().items() if key not in EXCEPTIONS}
    assert not wrong, "\n".join(f"{file}:{line} {written}" for (file, written), line in sorted(wrong.items()))


def test_the_list_of_exceptions_only_shrinks():
    assert set(EXCEPTIONS) <= set(_straight())


def test_a_job_is_looked_up_for_its_requester_only():
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in app_files()
        if _faces_a_user(path)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("Job.objects.")
        and not ast.unparse(node).startswith(("Job.objects.filter(requested_by", "Job.objects.none("))
    ]
    assert not wrong, wrong


CURSOR_EXCEPTIONS = {"core/views.py": "the health check asks the database for SELECT 1"}


def test_a_page_opens_no_cursor_of_its_own():
    wrong = [
        f"{name_of(path)}:{line} imports {target}"
        for path in app_files()
        if _faces_a_user(path) and name_of(path) not in CURSOR_EXCEPTIONS
        for line, target in imports_of(path)
        if target in ("django.db.connection", "django.db.connections")
    ]
    assert not wrong, wrong


WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete"}
# Receivers that are no rows: request.session.save, JobHandle, dict.update ("update" itself is too common a word to ask for).
WRITE_EXCEPTIONS: dict[tuple[str, str], str] = {}


def test_a_page_or_serializer_writes_no_row():
    """Actions are the only writers (architecture, floors)."""
    found = {}
    for path in app_files():
        if _faces_a_user(path):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                    found[(name_of(path), ast.unparse(node.func))] = node.lineno
    wrong = {key: line for key, line in found.items() if key not in WRITE_EXCEPTIONS}
    assert not wrong, "\n".join(f"{file}:{line} {written}" for (file, written), line in sorted(wrong.items()))
    assert set(WRITE_EXCEPTIONS) <= set(found)


def test_every_model_with_a_place_declares_its_gate():
    """A model with county, township or village columns has SCOPE_COLUMNS and a scoped manager; else its rows have no gate."""
    from django.apps import apps
    from project_source import LINE_OF_APPS

    without_gate = []
    for model in apps.get_models():
        names = {field.attname for field in model._meta.concrete_fields}
        if model._meta.app_label in LINE_OF_APPS and names & {"county_id", "township_id", "village_id"}:
            if not hasattr(model.objects.all(), "visible_to") and model._meta.label not in UNGATED:
                without_gate.append(model._meta.label)
    assert not without_gate


# Not rows of an area but statements about a person or the machine; read only by those who manage them.
UNGATED = {
    "accounts.Assignment": "which area a person works in; shown to the administrators, who have no area (trust A3)",
    "accounts.ApiToken": "area of a token; shown to the administrators",
    "villages.DirtyMark": "a counter of the machine, never shown",
    "reports.TallyState": "a counter of the machine, never shown",
    "households.ImportRun": "reached through its requester and the right to import",
    "households.Suspicion": "reached through its run; another's verdict is asked for by key only",
}
