"""Why a household with a case in hand may not move, be merged away or be closed: its village would keep a list with a household
that lives elsewhere, and its sittings and notices are frozen by village (ruling 2).
A draft form is no obstacle: it takes the household's place when it is submitted."""

from assessment.models import Case
from assessment.models.cases import LIVE
from assessment.models.rounds import RoundStatus
from households.models import Household


def case_in_hand(household: Household) -> str:
    """A live case in an open round has to be concluded or ended (终止) first."""
    case = Case.objects.filter(household=household, state__in=LIVE, round__status=RoundStatus.OPEN).select_related("round").first()
    if case is None:
        return ""
    return f"这一户在{case.round.name}的名单里，还没有办结。请等办结，或先在农户页办“终止”（死亡、外迁）。"
