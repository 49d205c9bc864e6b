"""户主变更, and writing what each member is to the head."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from core.actions import Origin, acting
from core.errors import BadInput
from core.scope import Scope
from households.actions.events import record_event
from households.actions.family.ground import check_day, chosen, kin_of, living, opened, reckon
from households.entries import HEAD
from households.family import Happening, head_fault, relation_to, relations_faults
from households.models import EventKind, Household, Membership


def name_head(
    *, scope: Scope, code: str, version: int, head: str, relations: Mapping[str, str], happening: Happening, origin: Origin | None = None
) -> Household:  # fmt: skip
    """The member `head` (membership uuid) is head from now on; `relations` says what each of the others is to the new head, {uuid: code}.
    Where the relation follows it may be left out. The household's number and history stay (trust 88).

    Raises NotFound, Denied, WrongState, StaleVersion, BadInput (fields head, on, relation-<uuid>).
    """
    with acting(scope, "family.head", origin) as act:
        household = opened(scope, code, version)
        rows = living(household)
        new = chosen(rows, [head], "head")[0]
        if new.relation == HEAD:
            raise BadInput("这个人已是户主。", fields={"head": ["这个人已是户主，请选另一名成员。"]})
        check_day(happening.on, [new.since], timezone.localdate())
        write_head(list(rows.values()), new, relations, happening, last_head_sex(household))
        record_event(household, EventKind.HEAD, happening, by=scope.actor_id, membership=new)
        reckon(act, household, happening, head=new.code)
    return household


def write_head(
    rows: Sequence[Membership], new: Membership, relations: Mapping[str, str], happening: Happening, old_head_sex: str = ""
) -> None:
    """Head and relations of `rows`, those who live in the household from now on: the old head steps down before the new one steps up."""
    wanted = relations_under(rows, new, relations, happening, old_head_sex)
    for row in rows:
        if row.pk != new.pk:
            _write_relation(row, wanted[str(row.uuid)])
    _write_relation(new, HEAD)


def relations_under(
    rows: Sequence[Membership], new: Membership, relations: Mapping[str, str], happening: Happening, old_head_sex: str = ""
) -> dict[str, str]:
    """What each of `rows` is to the new head: as told, else as it follows; BadInput names those of whom it has to be asked."""
    kin = [kin_of(row) for row in rows]
    fault = head_fault(kin_of(new), kin, happening.on)
    if fault:
        raise BadInput("新户主有误，没有保存。", fields={"head": [fault]})
    old_head_sex = next((one.sex for one in kin if one.relation == HEAD), old_head_sex)
    follows = {one.uuid: relation_to(kin_of(new), one, old_head_sex) for one in kin if one.uuid != str(new.uuid)}
    wanted = {uuid: relations.get(uuid) or code for uuid, code in follows.items()}
    faults = relations_faults(kin, str(new.uuid), wanted)
    if faults:
        raise BadInput(f"有 {len(faults)} 人与新户主的关系要改。", fields={f"relation-{uuid}": why for uuid, why in faults.items()})
    return wanted


def check_relations_in(rows: Sequence[Membership], coming: Sequence[Membership], relations: Mapping[str, str]) -> None:
    """Those who come into a household with a head: each needs a relation to that head that fits; BadInput as above."""
    head = next(str(row.uuid) for row in rows if row.relation == HEAD)
    stays = {str(row.uuid): row.relation for row in rows}
    faults = relations_faults([kin_of(row) for row in (*rows, *coming)], head, stays | {str(row.uuid): relations.get(str(row.uuid), "") for row in coming})
    if faults:
        raise BadInput(f"有 {len(faults)} 人与户主的关系要改。", fields={f"relation-{uuid}": why for uuid, why in faults.items()})


def last_head_sex(household: Household) -> str:
    """Sex of the newest head, also one who has died or left: relations of the others are told from there."""
    row = household.memberships.filter(relation=HEAD).order_by("-since", "-pk").select_related("person").first()
    return row.person.sex if row else ""


def _write_relation(row: Membership, relation: str) -> None:
    if row.relation != relation:
        row.relation = relation
        row.save(update_fields=["relation"])
