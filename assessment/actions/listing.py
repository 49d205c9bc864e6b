"""列入名单 before anybody has been there: procedures in which the assembly discusses first and the visit comes after (D6-06; ruling 18)."""

from collections.abc import Sequence

from accounts import roles
from assessment import clock
from assessment.actions.cases import BATCH, groups_that_met, refuse_two_lists, require_open_round
from assessment.actions.locking import lock_households, wait_for_first_meetings
from assessment.models import Case, Round
from assessment.procedures import Level, Procedure, procedure_of
from core.actions import Origin, acting, once
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.scope import Scope
from households.models import Household
from villages import dirty
from villages.models import Village

MOST = 500


def list_households(
    *, scope: Scope, round_code: str, village_code: str, households: Sequence[str], key: str = "", origin: Origin | None = None
) -> int:
    """Open a case without a form for each household (codes), at the first stage. Who is on the list already stays as it is.

    Returns how many came onto it. Raises NotFound, Denied, BadInput (`households`), WrongState (the procedure visits first, round closed,
    on another list).
    """
    now, codes = clock.now(), sorted(set(households))
    try:
        with acting(scope, "case.list", origin) as act:
            village, round_ = _ground(scope, round_code, village_code)
            remember = once(scope, "case.list", key, [round_code, village_code, codes])
            require_open_round(round_)
            procedure = procedure_of(round_.procedure)
            require_listing(procedure)
            wait_for_first_meetings(round_code, [village.pk])
            rows = _chosen(scope, village, codes)
            refuse_two_lists(round_, [row.pk for row in rows])
            there = set(Case.objects.filter(round=round_, household__in=rows).values_list("household_id", flat=True))
            met = groups_that_met(round_, procedure.first.code, {village.pk})
            new = [
                Case(
                    round=round_, household=row, kind=procedure.kinds[0], county_id=row.county_id, township_id=row.township_id,
                    village_id=row.village_id, group_id=row.group_id, stage=procedure.first.code, opened_at=now, stage_since=now,
                    supplementary=(row.village_id, row.group_id if procedure.first.per_group else None) in met,
                )
                for row in rows
                if row.pk not in there
            ]  # fmt: skip
            Case.objects.bulk_create(new, batch_size=BATCH)
            for case in new:
                act.feed("case", f"{case.household.code}@{round_code}", place=case)
            act.audit("village", village.code, place=village, round=round_code, stage=procedure.first.name, households=len(new))
            dirty.mark(act, [village.pk])
            remember(str(len(new)))
    except Replayed as earlier:
        return int(earlier.object_code)
    return len(new)


def require_listing(procedure: Procedure) -> None:
    """WrongState where the visit comes first: there a submitted form lists its household."""
    if procedure.first.needs_survey:
        raise WrongState(f"{procedure.name}先入户评估，提交评估表的户自动列入名单。", code="visit_first")


def _ground(scope: Scope, round_code: str, village_code: str) -> tuple[Village, Round]:
    village = Village.objects.visible_to(scope).filter(code=village_code).first()
    round_ = Round.objects.visible_to(scope).filter(code=round_code).first()
    if village is None or round_ is None or round_.county_id != village.county_id:
        raise NotFound
    if not scope.may(roles.SITTING_RIGHTS[Level.GROUP], village):
        raise Denied
    return village, round_


def _chosen(scope: Scope, village: Village, codes: Sequence[str]) -> list[Household]:
    """Locked, in the order of the codes; each is a household of the village today."""
    if not codes:
        raise BadInput("没有列入任何一户。", fields={"households": ["请勾选要讨论的户。"]})
    if len(codes) > MOST:
        raise BadInput("没有列入任何一户。", fields={"households": [f"一次最多列入 {MOST} 户，勾选了 {len(codes)} 户。"]})
    found = Household.objects.visible_to(scope).registered().filter(village=village, code__in=codes)
    lock_households(found.values_list("pk", flat=True))
    rows = list(found.order_by("code"))
    if len(rows) != len(codes):
        gone = sorted(set(codes) - {row.code for row in rows})
        raise BadInput("没有列入任何一户。", fields={"households": [f"本村没有这些户，或已销户：{'、'.join(gone[:5])}。"]})
    return rows
