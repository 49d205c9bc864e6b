"""What the rules say about households as they stand now, and what has been said about it already. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from households.models import Doubt, DoubtState, Household
from households.quality import Finding, Severity, rules
from households.quality_sources import Brought
from households.selectors_quality import CountyRules, county_rules, household_views


def findings_of(rows: Sequence[Household], measured: CountyRules) -> list[Brought]:
    """What the rules say about these households today, by themselves; without what apps above bring."""
    today = timezone.localdate()
    found = []
    views = household_views([row for row in rows if not row.closed_on], today)
    for pk, view in views.homes.items():
        named = rules.check_household(view, measured.limits, measured.severities, today.year)
        found += [Brought(pk, finding, membership_id=views.memberships.get(finding.member)) for finding in named]
    return found



@dataclass(frozen=True, slots=True)
class Standing:
    """A finding before submission with what was said about it: `explained` = the stored doubt is kept for this very finding."""

    finding: Finding
    explained: bool = False
    earlier: Doubt | None = None

    @property
    def mark(self) -> str:
        """Names the finding in a form."""
        return self.finding.fingerprint

    @property
    def blocks(self) -> bool:
        return self.finding.severity == Severity.ERROR

    @property
    def asks(self) -> bool:
        return self.finding.severity == Severity.WARNING and not self.explained


def standing_of(household: Household) -> list[Standing]:
    """Errors and warnings of the household as they stand now, the heaviest first. Reads only; nothing is stored."""
    found = [one.finding for one in findings_of([household], county_rules(household.county_id))]
    stored = {(row.rule, row.subject): row for row in Doubt.objects.filter(household=household)} if found else {}
    made = []
    for one in sorted(found, key=lambda one: (-one.weight, one.rule)):
        row = stored.get((one.rule, one.subject))
        kept = row is not None and row.state == DoubtState.KEPT and row.fingerprint == one.fingerprint
        if one.severity != Severity.HINT:
            made.append(Standing(one, kept, row))
    return made
