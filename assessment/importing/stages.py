"""The first stage on the page: what the file would change, household by household, before anybody confirms."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from assessment.importing.staging import HOUSEHOLD, opened
from core.scope import FieldClass, Scope
from households.importing.compare import CHANGED, NEW, SAME
from households.importing.told import seen
from households.models import ImportRun, StagedRow

OPS = {CHANGED: "修改", NEW: "新增", SAME: "不变"}


def tabs(run: ImportRun) -> list[dict[str, object]]:
    """Lists that can be opened: only while the rows are staged."""
    counted = dict(run.staged.filter(kind=HOUSEHOLD).order_by().values_list("op").annotate(Count("pk")))
    return [{"op": op, "label": label, "n": counted[op]} for op, label in OPS.items() if counted.get(op)]


def rows(run: ImportRun, op: str) -> QuerySet[StagedRow]:
    return run.staged.filter(kind=HOUSEHOLD, op=op)


def told(scope: Scope, staged: Sequence[StagedRow]) -> list[dict[str, object]]:
    """One page of households: {code, head, persons, joining, leaving, changes}. Values of field classes that the reader may not see anywhere in
    the county stay closed."""
    classes = [one for one in FieldClass if scope.may_see(one)]
    return [
        {
            "code": row.code, "head": body.get("head", ""), "persons": body.get("persons", 0), "joining": body.get("joining", []),
            "leaving": body.get("leaving", []), "changes": seen(body.get("changes", []), classes), "row": body["data"].get("row"),
        }
        for row, body in zip(staged, opened(staged), strict=True)
    ]  # fmt: skip
