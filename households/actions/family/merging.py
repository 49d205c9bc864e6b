"""并户: all members of one household move into another of the same village, the emptied one is closed."""

from collections.abc import Mapping

from django.utils import timezone

from core.actions import Origin, acting
from core.errors import BadInput
from core.scope import Scope
from households.actions.events import record_event
from households.actions.family.ground import (
    check_day,
    check_has_head,
    check_may_end,
    check_nothing_asked,
    lives_since,
    living,
    opened_both,
    reckon,
)
from households.actions.family.heads import check_relations_in
from households.actions.members import join_again, leave
from households.family import Happening
from households.models import EventKind, Household

OTHER_VILLAGE = "只能并入本村的户。外村的户，先办“迁移”，对方同意后再并户。"


def merge_households(
    *, scope: Scope, code: str, version: int, into: str, relations: Mapping[str, str], happening: Happening, origin: Origin | None = None
) -> Household:  # fmt: skip
    """Everybody of household `code` lives in `into` from `happening.on` on; `relations` says what each is to its head, {uuid: code}.
    The emptied household is closed and keeps its number, facts and history. Returns the household that stays.

    Raises NotFound, Denied, WrongState, StaleVersion, BadInput (fields other on relation-<uuid>).
    """
    with acting(scope, "family.merge", origin) as act:
        emptied, stays = opened_both(scope, code, version, into)
        if emptied.village_id != stays.village_id:
            raise BadInput(OTHER_VILLAGE, fields={"other": [OTHER_VILLAGE]})
        check_has_head(stays)
        check_may_end(emptied)
        check_nothing_asked(emptied)
        going, there = list(living(emptied).values()), list(living(stays).values())
        check_day(happening.on, [lives_since(emptied), lives_since(stays), *(row.since for row in going)], timezone.localdate())
        check_relations_in(there, going, relations)
        for row in going:
            leave(row, happening.on, "merged")
            join_again(stays, row, relation=relations[str(row.uuid)], since=happening.on, reason="merged")
        for side, other in ((emptied, stays), (stays, emptied)):
            record_event(side, EventKind.MERGED, happening, by=scope.actor_id, other=other, reason="merged")
            reckon(act, side, happening, other=other.code, moved=len(going))
    return stays
