"""Who has not come as far as a meeting yet: the village's other groups before 村议, the township's other villages before the county decides.

A higher level decides only after all below, or without them for a reason that stays on the meeting (ruling 17; issue 3.3). Reads only.
"""

from assessment.meeting import UNGROUPED_NAME, Missing
from assessment.models import Case, Round, Sitting, SittingStatus
from assessment.procedures import Level, Stage, procedure_of
from villages.models import Village

MOST_READ = 50


def missing_below(round_: Round, stage: Stage, village: Village) -> Missing:
    """Households that still stand at an earlier stage: of this village where the stage is for the whole village, of the township's other
    villages where it is the county's. A village without a case in the round does not count. One query, none for other stages."""
    of_county = stage.level is Level.COUNTY
    if not of_county and not stage.waits_for_whole_village:
        return Missing()
    earlier = [other.code for other in procedure_of(round_.procedure).before(stage.code)]
    rows = Case.objects.live().filter(round=round_, stage__in=earlier)
    if of_county:
        rows = rows.filter(township_id=village.township_id).exclude(village=village).order_by("village__code")
        return Missing(tuple(Village(name=name).short_name for name in rows.values_list("village__name", flat=True).distinct()), "村")
    names = rows.filter(village=village).order_by("group__number").values_list("group__name", flat=True).distinct()
    return Missing(tuple(name or UNGROUPED_NAME for name in names))


def reason_before(round_: Round, stage: Stage, village: Village, missing: Missing) -> str:
    """What was written last for the same township and the same missing villages: not typed again for each of its 26 villages."""
    if not missing or stage.level is not Level.COUNTY:
        return ""
    rows = Sitting.objects.filter(round=round_, stage=stage.code, township_id=village.township_id).exclude(missing_reason="")
    found = rows.exclude(status=SittingStatus.DROPPED).order_by("-opened_at").values_list("missing", "missing_reason")[:MOST_READ]
    return next((reason for names, reason in found if set(names) == set(missing.names)), "")
