"""分户: some members become a household of their own in the same village."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from accounts import roles
from core.actions import Origin, acting, lock, once
from core.errors import BadInput, NotFound
from core.scope import Scope
from households.actions.events import record_event, settle_in
from households.actions.family.ground import check_day, check_nothing_asked, chosen, lives_since, living, opened, reckon
from households.actions.family.heads import last_head_sex, relations_under
from households.actions.members import join_again, leave
from households.actions.register import next_code
from households.entries import HEAD
from households.family import Happening, split_fault
from households.models import EventKind, Household, Membership
from villages.models import Village
from villages.selectors import require_in_force

REGISTER_FACTS = ("attribute", "exit_status", "cause", "other_causes", "standard", "exit_year")


def split_household(
    *, scope: Scope, code: str, version: int, members: Sequence[str], head: str, relations: Mapping[str, str], happening: Happening,
    key: str = "", origin: Origin | None = None,
) -> Household:  # fmt: skip
    """`members` become a new household under `head` in the same village and group; the new one is returned.

    It gets a number of its own and what the register says of the people (attribute, cause, standard); house, land and goods are left
    blank, they are looked at anew. 认定结果 stays with the old household: only a list writes it. When the old head goes, the old household is
    户主待定. Raises NotFound, Denied, WrongState, StaleVersion, Replayed, BadInput (fields members head on relation-<uuid>).
    """
    with acting(scope, "family.split", origin) as act:
        remember = once(scope, "family.split", key, [code, version, sorted(members), head, dict(relations), repr(happening)])
        _lock_village(scope, code)
        household = opened(scope, code, version)
        rows = living(household)
        going = chosen(rows, members, "members")
        fault = split_fault(len(rows) - len(going), len(going))
        if fault:
            raise BadInput(fault, fields={"members": [fault]})
        check_nothing_asked(household, going)
        check_day(happening.on, [lives_since(household), *(row.since for row in going)], timezone.localdate())
        new_head = chosen({str(row.uuid): row for row in going}, [head], "head")[0]
        wanted = relations_under(going, new_head, relations, happening, last_head_sex(household)) | {str(new_head.uuid): HEAD}
        made = _found(scope, household, new_head, happening)
        _carry(household, made, going, wanted, happening)
        for side, other in ((household, made), (made, household)):
            record_event(side, EventKind.SPLIT, happening, by=scope.actor_id, other=other, reason="split")
            reckon(act, side, happening, other=other.code, moved=len(going))
        remember(made.code)
    return made


def _lock_village(scope: Scope, code: str) -> Village:
    """The village first, as registering does: its lock gives out the next number."""
    village_id = Household.objects.visible_to(scope).filter(code=code).values_list("village_id", flat=True).first()
    if village_id is None:
        raise NotFound
    village = lock(Village.objects.visible_to(scope.narrowed_to(roles.HOUSEHOLD_VIEW)), pk=village_id)
    require_in_force(village)  # it may have been merged away while this waited
    return village


def _found(scope: Scope, old: Household, head: Membership, happening: Happening) -> Household:
    place = {name: getattr(old, name) for name in ("county", "township", "village", "group")}
    facts = {name: getattr(old, name) for name in REGISTER_FACTS}
    made = Household(
        code=next_code(old.village), head_name=head.person.name, version=0, registered_on=happening.on, created_by_id=scope.actor_id,
        updated_by_id=scope.actor_id, **place, **facts,
    )  # fmt: skip
    made.save()
    settle_in(made, happening.on)
    return made


def _carry(old: Household, made: Household, going: Sequence[Membership], relations: Mapping[str, str], happening: Happening) -> None:
    for row in going:
        leave(row, happening.on, "split")
    for row in sorted(going, key=lambda one: relations[str(one.uuid)]):
        join_again(made, row, relation=relations[str(row.uuid)], since=happening.on, reason="split")
