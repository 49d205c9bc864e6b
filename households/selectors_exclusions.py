"""The ten exclusion conditions of households: for the page, the panel and the desk of one, and for a whole list in three queries (D6-02)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.periods import age_on
from core.scope import FieldClass, Scope
from households.codes import EXCLUSION
from households.exclusions import (
    STANDING_WORDS,
    Answered,
    ExclusionFacts,
    Said,
    Standing,
    WorkerFacts,
    bars,
    facts_say,
    name_of,
    standing_of,
)
from households.models import Exclusion, Household, Membership
from households.reference import reference_day
from households.secrets import reveal, reveal_amount
from households.selectors_quality import county_rules

MEMBER_COLUMNS = ("household_id", "work_place", "work_months", "medical_employee", "pension_employee", "person__birth")


@dataclass(frozen=True, slots=True)
class Line:
    """One condition of one household as a page shows it; `row` = what is on file beside the facts, None = nothing yet."""

    code: str
    name: str
    said: Said
    standing: Standing
    row: Exclusion | None = None
    reason: str = ""
    confirm_note: str = ""

    @property
    def asked(self) -> bool | None:
        return self.row.asked if self.row else None

    @property
    def contrary(self) -> bool:
        """Asked and answered no, although the facts say yes."""
        return bool(self.said.holds) and self.asked is False

    @property
    def word(self) -> str:
        return STANDING_WORDS[self.standing][0]

    @property
    def colour(self) -> str:
        return STANDING_WORDS[self.standing][1]

    @property
    def bars(self) -> bool:
        return bars(self.standing)


def answered(row: Exclusion | None) -> Answered:
    """A paper that was set aside takes its override with it."""
    if row is None:
        return Answered()
    counts = row.overridden_at is not None and row.paper is not None and not row.paper.is_set_aside
    return Answered(row.asked, counts, row.confirmed)


def facts_of(households: Sequence[Household]) -> dict[int, ExclusionFacts]:
    """{household id: what bears on the ten}, of households of one county. Deposits are opened in memory only."""
    if not households:
        return {}
    day = reference_day(households[0])
    members: dict[int, list[WorkerFacts]] = defaultdict(list)
    rows = Membership.objects.current().filter(household_id__in=[one.pk for one in households]).select_related("person")
    for row in rows.only(*MEMBER_COLUMNS):
        members[row.household_id].append(_worker(row, day))
    limit = county_rules(households[0].county_id).limits["savings"]
    return {one.pk: _facts(one, tuple(members[one.pk]), limit) for one in households}


def _worker(row: Membership, day: date) -> WorkerFacts:
    age = age_on(row.person.birth, day) if row.person.birth and row.person.birth <= day else None
    return WorkerFacts(age, row.work_place, row.work_months, bool(row.medical_employee or row.pension_employee))


def _facts(household: Household, members: tuple[WorkerFacts, ...], limit) -> ExclusionFacts:
    owned = household.appliances
    return ExclusionFacts(
        vehicle=household.vehicle, machines=household.machines, appliances=None if owned is None else tuple(owned),
        savings=reveal_amount(household, "savings"), savings_limit=limit, members=members,
    )  # fmt: skip


def _rows_of(households: Iterable[Household]) -> dict[int, dict[str, Exclusion]]:
    found: dict[int, dict[str, Exclusion]] = defaultdict(dict)
    rows = Exclusion.objects.filter(household_id__in=[one.pk for one in households])
    for row in rows.select_related("paper__set_aside", "asked_by", "overridden_by", "confirmed_by"):
        found[row.household_id][row.code] = row
    return found


def exclusion_lines(household: Household, *, told: bool = False) -> list[Line]:
    """All ten; `told` = the caller has the field classes to read reasons, which may tell of an illness."""
    said, rows = facts_say(facts_of([household])[household.pk]), _rows_of([household])[household.pk]
    return [_line(code, said[code], rows.get(code), told) for code in EXCLUSION.items]


def _line(code: str, said: Said, row: Exclusion | None, told: bool) -> Line:
    reason, note = (reveal(row, "override"), reveal(row, "confirm_note")) if row and told else ("", "")
    return Line(code, name_of(code), said, standing_of(said, answered(row)), row, reason, note)


@dataclass(frozen=True, slots=True)
class Exclusions:
    """In short: the conditions that hold, with what became of them, and how many nobody has asked about."""

    standing: tuple[Line, ...]
    unasked: int

    @property
    def bars(self) -> bool:
        return any(line.bars for line in self.standing)


def exclusions_of(household: Household) -> Exclusions:
    """For the panel and the desk; reasons are read, so the caller has the field classes."""
    lines = exclusion_lines(household, told=True)
    held = tuple(line for line in lines if line.standing not in (Standing.CLEAR, Standing.UNKNOWN))
    return Exclusions(held, sum(line.standing is Standing.UNKNOWN for line in lines))


def version_of(lines: Sequence[Line]) -> int:
    """Grows with every write to one of the ten: what a form was opened with."""
    return sum(line.row.version for line in lines if line.row)


def barring(households: Sequence[Household]) -> dict[int, tuple[str, ...]]:
    """{household id: names of the conditions that keep it from being listed as poor}; households without any are left out."""
    facts, rows = facts_of(households), _rows_of(households)
    found = {}
    for one in households:
        said = facts_say(facts[one.pk])
        names = tuple(
            name_of(code) for code in EXCLUSION.items if bars(standing_of(said[code], answered(rows[one.pk].get(code))))
        )
        if names:
            found[one.pk] = names
    return found


def may_read(scope: Scope, household: Household) -> bool:
    """The conditions tell of deposits, their reasons of illnesses."""
    return all(scope.may_see(kind, household) for kind in (FieldClass.HEALTH, FieldClass.FINANCE))
