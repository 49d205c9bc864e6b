"""Households sent back and refused, by the chosen grounds, from the insert-only ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from assessment.models import Opinion, Round, Verdict


def returns_counted(round_: Round) -> QuerySet[Verdict]:
    """Every 退回 there was, also when the household came through later. `said` = the grounds as text, to be searched on any database."""
    return Verdict.objects.filter(case__round=round_, opinion=Opinion.RETURN).annotate(said=Cast("reasons", TextField()))


def rejections_counted(round_: Round) -> QuerySet[Verdict]:
    """不同意 that stands: an objection or a 变更 may have voided it."""
    return Verdict.objects.standing().filter(case__round=round_, opinion=Opinion.REJECT).annotate(said=Cast("reasons", TextField()))


def read_ledger(round_: Round, area: Any, sink: Callable[..., dict[str, int | None]]) -> None:
    for rows, total, family in (
        (returns_counted(round_), "returned", "return_reason"), (rejections_counted(round_), "rejected", "reject_reason"),
    ):  # fmt: skip
        seen: set[tuple[int, str]] = set()
        found = area.narrow(rows, "case__").order_by()
        for case, village, group, reasons in found.values_list("case_id", "case__village_id", "case__group_id", "reasons"):
            figures = sink((village, group))
            for code in (total, *(f"{family}.{reason}" for reason in reasons)):
                if (case, code) not in seen:
                    seen.add((case, code))
                    figures[code] = (figures.get(code) or 0) + 1
