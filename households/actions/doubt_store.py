"""What was found laid against what is stored: the one place that writes doubts of a check (brief 3.13, ruling 11).

The caller holds the rows that the findings are about (households by pk, or the village), so two checks of one household follow each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from households.models import Doubt, DoubtState, Household
from households.quality import Finding
from households.quality_sources import Brought
from households.secrets import seal
from villages.models import Village

BATCH = 500
_WRITTEN = (
    "county", "township", "village", "group", "membership", "family", "severity", "weight", "message", "remedy", "fact", "fingerprint", "state",
    "found_at", "seen_at", "note_enc", "closed_by", "closed_at", "version",
)  # fmt: skip


@dataclass(slots=True)
class Said:
    """Explanations that come with a submission: {fingerprint: text}, and who gives them."""

    texts: Mapping[str, str] = field(default_factory=dict)
    by_id: int | None = None


@dataclass(slots=True)
class Outcome:
    """How many doubts were opened, explained and mended by a check."""

    opened: int = 0
    kept: int = 0
    mended: int = 0

    def add(self, other: "Outcome") -> None:
        self.opened, self.kept, self.mended = self.opened + other.opened, self.kept + other.kept, self.mended + other.mended


@dataclass(slots=True)
class _Work:
    """Rows to write of one call."""

    now: datetime
    said: Said
    new: list[Doubt] = field(default_factory=list)
    changed: list[Doubt] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)


def settle_households(
    rows: Sequence[Household], found: Iterable[Brought], now: datetime, *, said: Said | None = None, touch: bool = False
) -> Outcome:
    """Lay all findings about these households against their doubts. `touch` notes the day of the check on those that did not move."""
    homes = {row.pk: row for row in rows}
    standing = {(doubt.rule, doubt.subject): doubt for doubt in Doubt.objects.filter(household_id__in=homes)}
    brought = {(one.finding.rule, one.finding.subject): one for one in found}
    work = _Work(now, said or Said())
    for key, one in brought.items():
        _lay(work, standing.pop(key, None), one, homes[one.household_id])
    return _write(work, standing.values(), Doubt.objects.filter(household_id__in=homes) if touch else None)


def settle_villages(villages: Sequence[Village], found: Iterable[tuple[Village, Finding]], now: datetime) -> Outcome:
    """The same for what only the neighbours together tell."""
    own = Doubt.objects.filter(village__in=villages, household__isnull=True)
    standing = {(doubt.rule, doubt.subject): doubt for doubt in own}
    work = _Work(now, Said())
    for village, finding in found:
        _lay(work, standing.pop((finding.rule, finding.subject), None), Brought(0, finding), village)
    return _write(work, standing.values(), own)


def _lay(work: _Work, doubt: Doubt | None, one: Brought, place: Household | Village) -> None:
    before = (doubt.fingerprint, doubt.state) if doubt else ("", "")
    known = doubt or Doubt(rule=one.finding.rule, subject=one.finding.subject, found_at=work.now)
    moved = _fill(known, one, place, work)
    if before[1] == DoubtState.MENDED or (doubt and before[0] != one.finding.fingerprint):
        known.state, known.found_at, known.closed_by_id, known.closed_at, moved = DoubtState.OPEN, work.now, None, None, True
    moved |= _explain(known, one, work, fresh=doubt is None or known.found_at == work.now)
    if doubt is None:
        work.new.append(known)
    elif moved:
        known.version += 1
        work.changed.append(known)
    if known.state == DoubtState.OPEN and before[1] != DoubtState.OPEN:
        work.outcome.opened += 1


def _fill(doubt: Doubt, one: Brought, place: Household | Village, work: _Work) -> bool:
    """Set what the finding says; True when anything of it is new."""
    finding, home = one.finding, isinstance(place, Household)
    values = {
        "county_id": place.county_id, "township_id": place.township_id, "village_id": place.village_id if home else place.pk,
        "group_id": place.group_id if home else None, "household_id": place.pk if home else None, "family": finding.family,
        "severity": str(finding.severity), "weight": finding.weight, "message": finding.message, "remedy": finding.remedy,
        "fact": finding.field[:32], "fingerprint": finding.fingerprint, "membership_id": one.membership_id,
    }  # fmt: skip
    moved = any(getattr(doubt, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(doubt, name, value)
    doubt.seen_at = work.now
    return moved


def _explain(doubt: Doubt, one: Brought, work: _Work, *, fresh: bool) -> bool:
    """An open doubt with a ground is kept: what came with the submission, or the surveyor's own word on the form, unless somebody has
    opened the doubt again in spite of that word."""
    text = (work.said.texts.get(doubt.fingerprint) or (one.ground if fresh or not doubt.note_enc else "")).strip()
    if doubt.state != DoubtState.OPEN or not text:
        return False
    seal(doubt, "note", text)
    doubt.state, doubt.closed_by_id, doubt.closed_at = DoubtState.KEPT, one.by_id or work.said.by_id, one.at or work.now
    work.outcome.kept += 1
    return True


def _write(work: _Work, gone: Iterable[Doubt], touched) -> Outcome:
    for doubt in gone:
        if doubt.state != DoubtState.MENDED:
            doubt.state, doubt.closed_by_id, doubt.closed_at = DoubtState.MENDED, None, work.now
            doubt.seen_at, doubt.version = work.now, doubt.version + 1
            work.changed.append(doubt)
            work.outcome.mended += 1
    Doubt.objects.bulk_create(work.new, batch_size=BATCH)
    if work.changed:
        Doubt.objects.bulk_update(work.changed, _WRITTEN, batch_size=50)
    if touched is not None:
        touched.exclude(state=DoubtState.MENDED).update(seen_at=work.now)
    return work.outcome
