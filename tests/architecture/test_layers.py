"""The line of apps and the floors inside an app: read from the syntax tree, so a forgotten import inside a function counts too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from project_source import LINE_OF_APPS, ROOT, app_files, eager_imports_of, imports_of, modules, name_of

PURE = (
    "core.ids",
    "core.periods",
    "core.crypto.errors",
    "core.crypto.keyring",
    "core.crypto.suites",
    "core.crypto.vault",
    "core.papers",
    "core.sheets",
    "core.disk",
    "core.plight",
    "core.errors",
    "core.text",
    "core.field_classes",
    "core.uploads.pictures",
    "core.uploads.scans",
    "core.uploads.drawings",
    "villages.outlines",
    "villages.rights",
    "households.codes",
    "households.exclusions",
    "households.coverage",
    "households.family",
    "households.fields",
    "households.importing.cells",
    "households.importing.grouping",
    "households.importing.layout",
    "households.importing.model",
    "households.importing.national",
    "households.importing.national_grouping",
    "households.importing.national_rows",
    "households.importing.packed",
    "households.importing.rows",
    "households.income",
    "households.names",
    "households.consent",
    "households.papers_digest",
    "households.person",
    "households.quality",
    "households.roundtrip.cells",
    "households.roundtrip.edits",
    "households.roundtrip.layout",
    "households.searching",
    "assessment.rubric",
    "assessment.answers",
    "assessment.ranking",
    "assessment.ranking_entry",
    "assessment.scoring",
    "assessment.tiers",
    "assessment.derive",
    "assessment.differing",
    "assessment.distance",
    "assessment.facts",
    "assessment.archetypes",
    "assessment.income_checks",
    "assessment.masking",
    "assessment.objections",
    "assessment.procedures",
    "assessment.rechecks",
    "assessment.sampling",
    "assessment.workflow",
    "assessment.seals",
    "assessment.shots",
    "assessment.sources",
    "reports.workbooks.forms",
    "reports.workbooks.spreads",
    "reports.charts",
    "reports.maps.classes",
    "reports.maps.drawing",
    "reports.maps.hiding",
    "reports.maps.sheet",
)
"""Rules in, values out. A package stands for all its modules. accounts.roles is not here: it is a table of rights, but it names
core.scope.FieldClass, and core.scope defines the scoped queryset beside it; docs/decisions.md says why they stay together."""

NOT_DJANGO = ("django", "rest_framework", "django_filters", "drf_spectacular", "axes", "celery", "environ")

FLOORS = {
    "models": 0,
    "selectors": 1,
    "forms": 2,
    "filters": 2,
    "serializers": 2,
    "actions": 3,
    "bulk": 3,
    "importing": 4,
    "tasks": 5,
    "views": 6,
    "api": 6,
    "urls": 7,
    "management": 7,
}
FLOOR_EXCEPTIONS: dict[tuple[str, str], str] = {}


def _app_of(dotted: str) -> str:
    return dotted.split(".")[0]


def _floor_of(dotted: str) -> int | None:
    """Floor of a module by its second part: reports.views_tables is a view, households.importing.rows is importing."""
    parts = dotted.split(".")
    return FLOORS.get(parts[1].split("_")[0]) if len(parts) > 1 else None


def _pure_files() -> Iterator[Path]:
    for name in PURE:
        found = [path for module, path in modules().items() if module == name or module.startswith(f"{name}.")]
        assert found, f"{name} is declared pure and does not exist"
        yield from found


@pytest.mark.parametrize("app", LINE_OF_APPS)
def test_an_app_imports_from_its_left_only(app):
    right = LINE_OF_APPS[LINE_OF_APPS.index(app) + 1 :]
    wrong = {
        f"{name_of(path)}:{line} imports {target}"
        for path in app_files()
        if _app_of(name_of(path).replace("/", ".")) == app
        for line, target in imports_of(path)
        if _app_of(target) in right
    }
    assert not wrong, "\n".join(sorted(wrong))


def test_no_app_stands_outside_the_line():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"tests"} == set(LINE_OF_APPS)


@pytest.mark.parametrize("path", list(_pure_files()), ids=name_of)
def test_a_pure_module_knows_no_framework_and_no_impure_neighbour(path):
    wrong = []
    for line, target in imports_of(path):
        if _app_of(target) in NOT_DJANGO:
            wrong.append(f"{name_of(path)}:{line} imports {target}")
        elif target in modules() and not _is_pure(target):
            wrong.append(f"{name_of(path)}:{line} imports {target}, which is not pure")
    assert not wrong, "\n".join(wrong)


def _is_pure(module: str) -> bool:
    """An empty package __init__ (core, assessment) passes: importing core.ids runs core/__init__.py."""
    if any(module == name or module.startswith(f"{name}.") for name in PURE):
        return True
    return modules()[module].name == "__init__.py" and not eager_imports_of(modules()[module])


def test_a_lower_floor_does_not_know_a_higher_one():
    wrong, used = [], set()
    for path in app_files():
        source = next(module for module, file in modules().items() if file == path)
        own = _floor_of(source)
        for line, target in imports_of(path):
            other = _floor_of(target) if _app_of(target) == _app_of(source) else None
            if own is None or other is None or other <= own:
                continue
            key = (name_of(path), ".".join(target.split(".")[:2]))
            used.add(key)
            if key not in FLOOR_EXCEPTIONS:
                wrong.append(f"{name_of(path)}:{line} imports {target}")
    assert not wrong, "\n".join(wrong)
    assert set(FLOOR_EXCEPTIONS) <= used, f"no longer needed: {set(FLOOR_EXCEPTIONS) - used}"


def test_no_module_is_a_junk_drawer():
    wrong = [name_of(path) for path in app_files() if path.stem in ("utils", "util", "helpers", "common", "misc")]
    assert not wrong, wrong


def test_no_business_rule_hides_in_a_signal_of_a_model():
    """Bulk writes send no signals; what must happen happens in the action (architecture, smell 10)."""
    banned = ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")
    wrong = [
        f"{name_of(path)}:{line}"
        for path in app_files()
        for line, target in imports_of(path)
        if target.split(".")[-1] in banned
    ]
    assert not wrong, wrong


def test_no_foreign_key_points_right_along_the_line():
    from django.apps import apps
    from django.conf import settings

    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in LINE_OF_APPS:
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if (
                target is None
                or target._meta.label == settings.AUTH_USER_MODEL
                or target._meta.app_label not in LINE_OF_APPS
            ):
                continue
            if LINE_OF_APPS.index(target._meta.app_label) > LINE_OF_APPS.index(model._meta.app_label):
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not wrong, wrong


def test_no_generic_foreign_key_hides_a_relation():
    wrong = [
        f"{name_of(path)}:{line}"
        for path in app_files()
        for line, target in imports_of(path)
        if target.startswith("django.contrib.contenttypes.fields")
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("written", [
    "def f():\n    from reports import tables",
    "def f():\n    import reports.tables",
    "class A:\n    def f(self):\n        return import_module('reports.tables')",
])  # fmt: skip
def test_an_import_inside_a_function_is_seen(written):
    assert "reports.tables" in [target for _, target in imports_of(app_files()[0], ast.parse(written))]
