"""Tables as papers that go up: who does which step, and by which day (D6-03 to D6-09). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts import roles

DRAFT, SIGNED, CONFIRMED, SUBMITTED, ACCEPTED, RETURNED = "draft", "signed", "confirmed", "submitted", "accepted", "returned"
ABOVE: Mapping[str, str] = {"village": "township", "township": "county", "county": "county"}
"""Who takes a level's papers. What happens at the prefecture is recorded by the county, with the number of the receipt."""
_DAYS: Mapping[str, Mapping[str, tuple[int, int]]] = {"cjx": {"village": (3, 1), "township": (3, 5)}}
"""Month and day by procedure where a county has set none (昌吉, D6-04); the county's own day to the prefecture is left blank there."""


@dataclass(frozen=True, slots=True)
class Step:
    """`above`: done by the level that the paper goes to. `needs_note`: what has to be said with it, "" for nothing."""

    code: str
    word: str
    begins: tuple[str, ...]
    ends: str
    right: str
    above: bool = False
    needs_note: str = ""


STEPS = {
    step.code: step
    for step in (
        Step("signed", "填报人签字", (DRAFT,), SIGNED, roles.TABLE_BUILD),
        Step("confirmed", "负责人签字", (SIGNED,), CONFIRMED, roles.DOCUMENT_SIGN),
        Step("reopened", "撤回签字", (SIGNED, CONFIRMED), DRAFT, roles.TABLE_BUILD),
        Step("dropped", "撤下这份表", (DRAFT,), RETURNED, roles.TABLE_BUILD, needs_note="撤下的原因"),
        Step("submitted", "上报", (CONFIRMED,), SUBMITTED, roles.TABLE_BUILD),
        Step("accepted", "接收", (SUBMITTED,), ACCEPTED, roles.DOCUMENT_ACCEPT, above=True),
        Step("returned", "退回", (SUBMITTED,), RETURNED, roles.DOCUMENT_ACCEPT, above=True, needs_note="退回的原因"),
    )
}


def needed_note(step: Step, level: str) -> str:
    """What must be said; the county's paper is taken outside, so the receipt has a number."""
    return "州（市）回执文号" if step.code == "accepted" and level == "county" else step.needs_note


def usual_day(procedure: str, level: str, reference: date) -> date | None:
    """The first such day after the reference date; None where the procedure says nothing."""
    found = _DAYS.get(procedure, {}).get(level)
    if found is None:
        return None
    day = date(reference.year, *found)
    return day if day > reference else date(reference.year + 1, *found)
