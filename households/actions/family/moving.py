"""迁移 of a whole household: to another group of its village at once; over the border as the last step of an agreed request."""

from django.utils import timezone

from core.actions import Act, Origin, acting
from core.errors import BadInput
from core.scope import Scope
from households.actions.events import move_to_columns, record_event
from households.actions.family.ground import check_day, check_may_end, leaves_scope, lives_since, opened, reckon
from households.family import Happening
from households.models import Doubt, EventKind, Exclusion, Household, IncomeYear, Membership
from households.secrets import id_last4_index, reveal
from villages.models import Village, VillagerGroup

LIVE_ROWS = (IncomeYear, Doubt, Exclusion)
"""Rows that go with the household. Forms, cases, papers, 变动 and past memberships stay where they were made (ruling 2)."""


def move_household(
    *, scope: Scope, code: str, version: int, group_code: str, happening: Happening, origin: Origin | None = None
) -> Household:
    """The household lives in another group of its village from `happening.on` on; '' = 未分组. Another village is asked: `ask_transfer`.

    Raises NotFound, Denied, WrongState (a list has it in hand), StaleVersion, BadInput (fields where on).
    """
    with acting(scope, "family.move", origin) as act:
        household = opened(scope, code, version)
        check_may_end(household)
        group = group_of(household.village_id, group_code)
        if (group.pk if group else None) == household.group_id:
            raise BadInput("这一户已在这个组。", fields={"where": ["这一户已在这个组，请选别的组。"]})
        check_day(happening.on, [lives_since(household)], timezone.localdate())
        household.group = group
        move_to_columns(household, happening.on)
        record_event(household, EventKind.MOVED, happening, by=scope.actor_id)
        reckon(act, household, happening, group=group_code)
    return household


def group_of(village_id: int, code: str) -> VillagerGroup | None:
    """A group of the village that exists today; None for ''."""
    group = VillagerGroup.objects.filter(village_id=village_id, code=code, valid_to__isnull=True).first() if code else None
    if code and group is None:
        raise BadInput("这个组不在这个村。", fields={"where": ["请选这个村的组。"], "group": ["请选这个村的组。"]})
    return group


def move_over(act: Act, household: Household, village: Village, group: VillagerGroup | None, happening: Happening) -> None:
    """Step of an answer: the locked household lives in another village from now on. Number and history stay (ruling 2)."""
    check_may_end(household)
    check_day(happening.on, [lives_since(household)], timezone.localdate())
    old_township, old_village = household.township_id, household.village_id
    record_event(household, EventKind.MOVED, happening, by=act.scope.actor_id, reason="moved")
    household.township, household.village, household.group = village.township, village, group
    place = {"township_id": household.township_id, "village_id": household.village_id}
    Membership.objects.current().filter(household=household).update(**place)
    for model in LIVE_ROWS:
        model.objects.filter(household=household).update(**place)
    Doubt.objects.filter(household=household).update(group=group)
    if household.township_id != old_township:
        for row in Membership.objects.current().filter(household=household).select_related("person"):
            reseat(row)
    move_to_columns(household, happening.on)
    record_event(household, EventKind.MOVED, happening, by=act.scope.actor_id, reason="moved_in")
    leaves_scope(act, household, old_township, old_village)
    reckon(act, household, happening, moved=household.persons)


def reseat(row: Membership) -> None:
    """The index of the last four digits belongs to a township (ruling 6)."""
    person = row.person
    if person.id_enc:
        person.id_last4_index = id_last4_index(reveal(person, "id"), row.household.township.code)
        person.save(update_fields=["id_last4_index"])
