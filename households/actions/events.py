"""变动 rows and the residences of a household: insert-only facts beside the living row (fault 89)."""

from datetime import date

from django.utils import timezone

from households.family import Happening
from households.models import Household, HouseholdEvent, Membership, Residence
from households.secrets import seal


def record_event(
    household: Household, kind: str, happening: Happening, *, by: int | None, membership: Membership | None = None,
    other: Household | None = None, reason: str = "",
) -> HouseholdEvent:  # fmt: skip
    """One 变动 on the side of `household`, its words sealed; `by` is the account."""
    row = HouseholdEvent(
        household=household, county_id=household.county_id, township_id=household.township_id, village_id=household.village_id, kind=kind,
        happened_on=happening.on, membership=membership, person_id=membership.person_id if membership else None, other_household=other,
        reason=reason, paper_title=happening.paper, by_id=by, at=timezone.now(),
    )  # fmt: skip
    seal(row, "note", happening.note)
    row.save()
    return row


def settle_in(household: Household, since: date) -> Residence:
    """The household lives where its columns say from `since` on."""
    place = {name: getattr(household, name) for name in ("county_id", "township_id", "village_id", "group_id")}
    return Residence.objects.create(household=household, since=since, **place)


def move_out(household: Household, on: date) -> None:
    """The open residence ends: `on` is the first day the household is not there any more."""
    row = household.residences.filter(until__isnull=True).first()
    if row is not None:
        row.until = max(row.since, on)
        row.save(update_fields=["until"])


def move_in_again(household: Household) -> None:
    """The last residence goes on as if it had never ended: the household was closed by mistake."""
    row = household.residences.order_by("-since", "-pk").first()
    row.until = None
    row.save(update_fields=["until"])


def move_to_columns(household: Household, on: date) -> None:
    """Ends the open residence and begins the one the household's columns say, where the two differ."""
    row = household.residences.filter(until__isnull=True).first()
    if row is None or (row.village_id, row.group_id) != (household.village_id, household.group_id):
        move_out(household, on)
        settle_in(household, on)
