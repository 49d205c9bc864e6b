"""docs/fields.md against the models: every column has its entry, so that personal data does not come in unseen (trust P1, P2)."""

import re
from functools import cache

import pytest
from project_source import LINE_OF_APPS, ROOT, text_of

CLASSES, STORED = {"general", "sensitive", "minor"}, {"sealed", "index", "plain"}
HEADER = ("field", "含义", "purpose", "class", "stored", "who sees")


@cache
def _personal() -> dict[str, dict[str, str]]:
    """ "households.Person.name" → its row, by column title."""
    rows, model = {}, ""
    for line in text_of(ROOT / "docs" / "fields.md").splitlines():
        if line.startswith("## "):
            model = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and "." in model and cells[0] != "field":
            assert len(cells) == len(HEADER), line
            assert f"{model}.{cells[0]}" not in rows, f"twice: {line}"
            rows[f"{model}.{cells[0]}"] = dict(zip(HEADER, cells, strict=True))
    return rows


@cache
def _impersonal() -> list[str]:
    lines = re.findall(r"^- (\w+\.\w+): (.+)$", text_of(ROOT / "docs" / "fields.md"), re.M)
    return [f"{model}.{name.strip()}" for model, names in lines for name in names.split(",")]


@cache
def _columns() -> frozenset[str]:
    from django.apps import apps

    models = [model for model in apps.get_models() if model._meta.app_label in LINE_OF_APPS]
    return frozenset(f"{model._meta.label}.{field.name}" for model in models for field in model._meta.concrete_fields)


def test_every_column_has_an_entry():
    missing = _columns() - set(_personal()) - set(_impersonal())
    assert not missing, f"say in docs/fields.md what these are for and who sees them: {sorted(missing)}"


def test_no_entry_outlives_its_column():
    gone = (set(_personal()) | set(_impersonal())) - _columns()
    assert not gone, sorted(gone)


def test_a_column_is_personal_or_not_but_not_both():
    assert not set(_personal()) & set(_impersonal())
    assert len(_impersonal()) == len(set(_impersonal()))


def test_every_entry_says_purpose_class_and_storage():
    wrong = [
        name
        for name, row in _personal().items()
        if not row["purpose"] or row["class"] not in CLASSES or row["stored"] not in STORED
    ]
    assert not wrong


def test_what_is_stored_sealed_is_a_sealed_column():
    """A name that ends in _enc is sealed and nothing else is; a keyed index is an index (ruling 6)."""
    for name, row in _personal().items():
        expected = "sealed" if name.endswith("_enc") else "index" if name.endswith("_index") else "plain"
        assert row["stored"] == expected, name


def test_who_sees_is_a_field_class_or_a_right():
    from accounts import roles
    from core.scope import FieldClass

    rights = {name for name, value in vars(roles).items() if isinstance(value, str) and value in roles.RIGHTS}
    known = {field_class.name for field_class in FieldClass} | rights | {"SELF", "NOBODY"}
    assert {row["who sees"] for row in _personal().values()} <= known


@pytest.mark.parametrize("name", ["IDENTITY", "CONTACT", "HEALTH", "FINANCE"])
def test_the_roles_named_for_a_field_class_are_those_of_the_table_of_rights(name):
    from accounts import roles
    from core.scope import FieldClass

    said = re.search(rf"^\| `{name}` \| (.+?) \|$", text_of(ROOT / "docs" / "fields.md"), re.M).group(1)
    assert set(said.split(", ")) == roles.FIELD_RIGHTS[FieldClass[name]]
