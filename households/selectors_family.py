"""Reads of 变动: the timeline, who may be chosen, requests of both sides, and both sides' counts at any date (trust 89)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace

from django.db.models import Count, Q, QuerySet

from accounts import roles
from core.errors import NotFound
from core.scope import FieldClass, Scope, area_condition
from households.codes import JOINING, LEAVING
from households.models import EventKind, Household, HouseholdEvent, Membership, Residence, Transfer, TransferState
from households.obstacles import obstacles_of
from households.secrets import reveal
from villages.models import Village, VillagerGroup

WAITING, ASKED, ALL = "waiting", "asked", "all"
REOPEN = "reopen"
NOBODY_BACK = "销户时离开的人都已登记在别的户里，或本户是并户、转户后销的，不能恢复。请在那一户办转户或分户。"
OTHER_SIDE = ("county_id", "other_township_id", "other_village_id")


# --- counts at a date ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Households and persons of one group (None = 未分组) of a village on a day."""

    village_id: int
    group_id: int | None
    households: int
    persons: int


def counts_on(scope: Scope, day: date, villages: Collection[int] | None = None) -> list[GroupCount]:
    """Households and persons by village and group as they were on `day`: residences × memberships, one query. Whoever dies, leaves or moves
    on a day is not counted on that day where he was before."""
    rows = Residence.objects.visible_to(scope).filter(_covers("", day))
    if villages is not None:
        rows = rows.filter(village__in=list(villages))
    living = _covers("household__memberships__", day)
    found = rows.order_by("village_id", "group_id").values("village_id", "group_id")
    found = found.annotate(
        households=Count("household", distinct=True), persons=Count("household__memberships", filter=living, distinct=True)
    )
    return [GroupCount(**row) for row in found]


def _covers(prefix: str, day: date) -> Q:
    open_end = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": day})
    return Q(**{f"{prefix}since__lte": day}) & open_end


# --- the household's page of 变动 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Roll:
    """A household with those who live in it (head first), those who left it and live nowhere now, and those of them whose leaving closed it."""

    household: Household
    members: list[Membership]
    past: list[Membership] = field(default_factory=list)
    closing: list[Membership] = field(default_factory=list)

    def member(self, uuid: str) -> Membership | None:
        return next((row for row in self.members if str(row.uuid) == uuid), None)

    @property
    def head(self) -> Membership | None:
        return next((row for row in self.members if row.relation == "01"), None)


def roll_of(household: Household) -> Roll:
    rows = list(household.memberships.select_related("person").order_by("relation", "pk"))
    members = [row for row in rows if row.until is None]
    gone = {row.person_id: row for row in sorted(rows, key=lambda row: row.until or date.max) if row.until is not None}
    elsewhere = set(Membership.objects.current().filter(person__in=gone).values_list("person_id", flat=True))
    return Roll(household, members, [row for person, row in gone.items() if person not in elsewhere], left_at_closing(household))


def left_at_closing(household: Household) -> list[Membership]:
    """Who left a closed household in the step that closed it and lives nowhere now, head first. None for one that was merged away or whose
    last member was transferred: they live elsewhere."""
    closing = household.events.filter(kind=EventKind.CLOSED).order_by("-pk").first() if household.closed_on else None
    if closing is None:
        return []
    left = household.events.filter(kind=EventKind.LEFT, happened_on=closing.happened_on, pk__lt=closing.pk).values("membership_id")
    rows = household.memberships.filter(pk__in=left, until__isnull=False).select_related("person", "township").order_by("relation", "pk")
    living = set(Membership.objects.current().filter(person__in=[row.person_id for row in rows]).values_list("person_id", flat=True))
    return [row for row in rows if row.person_id not in living]


def groups_of(village_id: int) -> list[VillagerGroup]:
    return list(VillagerGroup.objects.filter(village_id=village_id, valid_to__isnull=True).order_by("code"))


def other_villages(household: Household) -> list[Village]:
    """Villages of the county that a household can ask to move to."""
    rows = Village.objects.filter(county_id=household.county_id, valid_to__isnull=True).exclude(pk=household.village_id)
    return list(rows.select_related("township").order_by("code"))


def neighbour(household: Household, code: str) -> Household | None:
    """A living household of the same village by its number or the last four digits of it."""
    code = household.village.code + code if len(code) == 4 else code
    return Household.objects.registered().filter(village_id=household.village_id, code=code).exclude(pk=household.pk).first()


def stops_of(household: Household, steps: Collection[str]) -> dict[str, list[str]]:
    """{step: reasons why it cannot be done now}; steps without reasons are left out."""
    if household.closed_on:
        found = dict.fromkeys([step for step in steps if step != REOPEN], ["这一户已销户。登记有误或人已回来的，报乡镇办“恢复户”。"])
        return found | ({} if REOPEN not in steps or left_at_closing(household) else {REOPEN: [NOBODY_BACK]})
    if household.hold:
        return dict.fromkeys(steps, [f"已锁定：{household.hold_reason or '名单正在评议'}。去世、自愿放弃或外迁的先办“终止”，其他先办“变更”。"])
    found: dict[str, list[str]] = {REOPEN: ["这一户没有销户，不用恢复。"]} if REOPEN in steps else {}
    if household.head_pending:
        found |= {"add": ["户主待定，请先指定户主。"], "back": ["户主待定，请先指定户主。"]}
    elif not household.memberships.filter(until__isnull=False).exists():
        found["back"] = ["没有人离开过本户。"]
    if household.persons < 2:
        found |= {"split": ["只有一名成员，不能分户。"], "head": ["只有一名成员。"]}
        if household.head_pending:
            del found["head"]
    waiting = Transfer.objects.filter(household=household, state=TransferState.ASKED, membership__isnull=True).exists()
    reasons = obstacles_of(household) + (["迁移申请在等对方答复。"] if waiting else [])
    return found | ({"move": reasons, "merge": reasons} if reasons else {})


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One 变动 as the page draws it; `note` is '' for whoever may not read it."""

    event: HouseholdEvent
    title: str
    text: str
    css: str
    note: str


_CSS = {EventKind.LEFT: "back", EventKind.CLOSED: "no", EventKind.JOINED: "ok", EventKind.REOPENED: "ok"}


def timeline(scope: Scope, household: Household, most: int | None = None) -> list[TimelineLine]:
    """变动 of the household, newest first; words may tell of illness and need that field class."""
    rows = household.events.select_related("person", "other_household", "village", "by").order_by("-happened_on", "-pk")
    sees = scope.may_see(FieldClass.HEALTH, household)
    return [_timeline_line(row, reveal(row, "note") if sees else "") for row in (rows[:most] if most else rows)]


def _timeline_line(row: HouseholdEvent, note: str) -> TimelineLine:
    name = row.person.name if row.person else ""
    other = row.other_household.code if row.other_household else ""
    reason = JOINING.items.get(row.reason) or LEAVING.items.get(row.reason, "")
    text = {
        EventKind.JOINED: f"{name}，{reason}",
        EventKind.LEFT: f"{name}，{reason}",
        EventKind.REOPENED: reason,
        EventKind.HEAD: f"新户主：{name}",
        EventKind.SPLIT: f"另一户 {other}",
        EventKind.MERGED: f"另一户 {other}",
        EventKind.TRANSFERRED: f"{name}，{reason}，另一户 {other}",
        EventKind.MOVED: _moved(row),
    }.get(row.kind, "")
    return TimelineLine(row, row.get_kind_display(), text, _CSS.get(row.kind, ""), note)


def _moved(row: HouseholdEvent) -> str:
    words = {
        "moved": f"从{row.village.short_name}迁出", "moved_in": f"迁入{row.village.short_name}",
        "village_merged": f"所在村并入{row.village.short_name}", "village_restored": f"撤销并村，回到{row.village.short_name}",
    }  # fmt: skip
    return words.get(row.reason, "在本村换组")


def former_village(household: Household) -> str:
    """The name of the village that was merged into the household's own with the household in it; "" for any other."""
    rows = household.residences.filter(village__merged_into__isnull=False).exclude(village_id=household.village_id)
    row = rows.select_related("village").order_by("-since", "-pk").first()
    return row.village.short_name if row else ""


def residences_of(household: Household) -> list[Residence]:
    """Where the household lived, newest first."""
    return list(household.residences.select_related("village", "group").order_by("-since", "-pk"))


# --- requests -------------------------------------------------------------------------------------------------------------------


def asking_side(transfer: Transfer) -> SimpleNamespace:
    """Place of the side that asks, for rights and audit."""
    return SimpleNamespace(
        county_id=transfer.county_id, township_id=transfer.township_id, village_id=transfer.village_id, area_code=transfer.village.code
    )


def other_side(transfer: Transfer) -> SimpleNamespace:
    """Place of the side that answers."""
    return SimpleNamespace(
        county_id=transfer.county_id, township_id=transfer.other_township_id, village_id=transfer.other_village_id,
        area_code=transfer.other_village.code,
    )  # fmt: skip


def transfers_visible(scope: Scope) -> QuerySet[Transfer]:
    """Requests of the caller's areas, as the side that asks or the side that answers."""
    asked, answered = area_condition(scope.rows, Transfer.SCOPE_COLUMNS), area_condition(scope.rows, OTHER_SIDE)
    return Transfer.objects.none() if asked is None else Transfer.objects.filter(asked | answered)


def transfers_waiting(scope: Scope) -> QuerySet[Transfer]:
    """Requests that wait for the caller's answer (转户待答复), oldest first; one's own are another's to answer."""
    waiting = area_condition(scope.grants_for(roles.TRANSFER_ANSWER), OTHER_SIDE)
    if waiting is None:
        return Transfer.objects.none()
    return Transfer.objects.filter(waiting, state=TransferState.ASKED).exclude(asked_by=scope.actor_id).order_by("asked_at", "pk")


def transfers_listed(scope: Scope, which: str, state: str = "") -> QuerySet[Transfer]:
    """`which`: waiting (for me), asked (by my side), all; each with what its line shows."""
    rows = transfers_waiting(scope) if which == WAITING else transfers_visible(scope)
    if which == ASKED:
        own = area_condition(scope.grants_for(roles.FAMILY_EVENT), Transfer.SCOPE_COLUMNS)
        rows = rows.none() if own is None else rows.filter(own)
    rows = rows.filter(state=state) if state else rows
    return rows.select_related("village", "township", "other_village", "other_township", "household", "membership__person")


def transfer_of(scope: Scope, uuid: str) -> Transfer:
    """One request of the caller's areas with what its page shows; NotFound outside."""
    rows = transfers_visible(scope).select_related(
        "village", "township", "other_village", "other_township", "other_group", "household", "to_household", "membership__person", "asked_by",
        "answered_by",
    )  # fmt: skip
    transfer = rows.filter(uuid=uuid).first()
    if transfer is None:
        raise NotFound
    return transfer


def transfer_note(scope: Scope, transfer: Transfer) -> str:
    """The words of the request for whoever may read of illness on one of its sides."""
    sees = any(scope.may_see(FieldClass.HEALTH, side) for side in (asking_side(transfer), other_side(transfer)))
    return reveal(transfer, "note") if sees else ""
