"""Households that go over into another village together (撤并村): a step inside an action, set by set, so that a whole village is a few statements.

The action holds the villages and the households. A version is made of each, without a maker: a merge is no judgement of facts, and whoever
signs it may still decide on the list (ruling 16).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace

from django.db.models import F, Prefetch
from django.utils import timezone

from core.actions import Act
from core.models import ChangeOp
from households.actions.family.moving import LIVE_ROWS
from households.actions.steps import document
from households.models import (
    Doubt,
    EventKind,
    Household,
    HouseholdEvent,
    HouseholdVersion,
    Membership,
    Residence,
    Transfer,
    TransferState,
)
from households.secrets import seal
from villages.models import Village

BATCH = 200


@dataclass(frozen=True, slots=True)
class Relocation:
    """Where to, from when, why. `ungroup`: the households lose their group as well, which is a change of their facts."""

    village: Village
    on: date
    reason: str = ""
    paper: str = ""
    ungroup: bool = False

    @property
    def place(self) -> dict[str, int]:
        return {"county_id": self.village.county_id, "township_id": self.village.township_id, "village_id": self.village.pk}


def relocate(act: Act, ids: Sequence[int], move: Relocation) -> None:
    """The households, closed files among them, with their living members, what goes along with them and what is asked of them or by them, live
    in `move.village` from now on.

    Past memberships, events, papers, submitted forms and cases stay where they were made (ruling 2).
    """
    now = timezone.now()
    for batch in _batches(sorted(ids)):
        homes = Household.objects.filter(pk__in=batch)
        old = dict(homes.values_list("pk", "village_id"))
        group = {"group_id": None} if move.ungroup else {}
        homes.update(version=F("version") + 1, updated_by_id=act.scope.actor_id, updated_at=now, **move.place, **group)
        Membership.objects.current().filter(household__in=batch).update(**move.place)
        for model in LIVE_ROWS:
            model.objects.filter(household__in=batch).update(**move.place)
        asked = Transfer.objects.filter(state=TransferState.ASKED)
        asked.filter(household__in=batch).update(**move.place)
        asked.filter(to_household__in=batch).update(other_village_id=move.village.pk, other_township_id=move.village.township_id)
        if move.ungroup:
            Doubt.objects.filter(household__in=batch).update(group=None)
        living = Prefetch("memberships", Membership.objects.current().select_related("person"), to_attr="living_members")
        rows = list(homes.order_by("pk").prefetch_related(living, "income_years"))
        _settle(rows, move)
        HouseholdEvent.objects.bulk_create([_event(act, row, move, now) for row in rows])
        HouseholdVersion.objects.bulk_create([_version(row, move, now) for row in rows])
        for row in rows:
            if old[row.pk] != row.village_id:
                act.feed("household", row.code, op=ChangeOp.DELETE, place=SimpleNamespace(village_id=old[row.pk]))
            act.feed("household", row.code, place=row)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    yield from (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _settle(rows: Sequence[Household], move: Relocation) -> None:
    """Open residences end on the day, or on their own first day where they began later; new ones begin there and then."""
    ended = list(Residence.objects.filter(household__in=[row.pk for row in rows], until__isnull=True))
    for one in ended:
        one.until = max(one.since, move.on)
    Residence.objects.bulk_update(ended, ["until"], batch_size=BATCH)
    groups = {row.pk: row.group_id for row in rows}
    Residence.objects.bulk_create(
        [Residence(household_id=one.household_id, since=one.until, group_id=groups[one.household_id], **move.place) for one in ended]
    )


def _event(act: Act, row: Household, move: Relocation, now: datetime) -> HouseholdEvent:
    return HouseholdEvent(
        household=row, kind=EventKind.MOVED, happened_on=move.on, reason=move.reason, paper_title=move.paper[:64], by_id=act.scope.actor_id, at=now,
        **move.place,
    )  # fmt: skip


def _version(row: Household, move: Relocation, now: datetime) -> HouseholdVersion:
    made = HouseholdVersion(household=row, version=row.version, at=now, place_only=not move.ungroup)
    seal(made, "facts", json.dumps(document(row, row.living_members), ensure_ascii=False, sort_keys=True, default=str))
    return made
