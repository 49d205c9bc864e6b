"""One order of locks for everything that touches a list, so that no two actions ever wait for each other crosswise:

meeting, notice or objection's household → households by pk → cases → dirty marks → head row. Row locks are weak (`no_key`): a row that
merely names a locked one, as a new line of a notice names its household, is not held up, not even when it is checked at COMMIT.
"""

from collections.abc import Iterable

from assessment.models import Sitting, SittingStatus
from assessment.procedures import PROCEDURES
from households.models import Household


def lock_households(ids: Iterable[int]) -> None:
    """Before their cases, as every writer of a household does: with a 变更 or a form of the same moment there is no deadlock."""
    rows = Household.objects.filter(pk__in=list(ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def wait_for_first_meetings(round_code: str, village_ids: Iterable[int]) -> None:
    """A form that opens a case and the close of a first meeting there follow one another: it is on that list, or it comes after it and
    is 补充评议, never neither. Call it before the households are locked."""
    rows = Sitting.objects.filter(
        status=SittingStatus.OPEN, stage__in={procedure.first.code for procedure in PROCEDURES.values()}, round__code=round_code,
        village_id__in=list(village_ids),
    )  # fmt: skip
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
