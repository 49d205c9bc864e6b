"""Which constraint a database refused a row for. PostgreSQL says its name; SQLite names a check, and of a unique one the columns only."""

import re

from django.apps import apps
from django.db import IntegrityError
from django.db.models import UniqueConstraint

_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


def broken(error: IntegrityError) -> str:
    """Name of the constraint as the models declare it, `<table>_<column>_key` for a unique column; "" where that cannot be told."""
    told = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if told:
        return told
    if check := _CHECK.search(str(error)):
        return check.group(1)
    unique = _UNIQUE.search(str(error))
    return _named(unique.group(1)) if unique else ""


def _named(columns: str) -> str:
    """`table.column, table.column` → the one unique constraint of that model over just these columns."""
    pairs = [column.strip().partition(".")[::2] for column in columns.split(",")]
    table, wanted = pairs[0][0], {column for _, column in pairs}
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    if model is None:
        return ""
    rules = [rule for rule in model._meta.constraints if isinstance(rule, UniqueConstraint)]
    found = [rule.name for rule in rules if {model._meta.get_field(name).column for name in rule.fields} == wanted]
    found += [f"{table}_{field.column}_key" for field in model._meta.concrete_fields if field.unique and {field.column} == wanted]
    return found[0] if len(found) == 1 else ""
