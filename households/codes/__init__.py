"""Closed lists: national codes and labels. Import from here; the modules are where to look."""

from households.codes.codelist import CodeList
from households.codes.family import (
    BY_ACTION_ONLY,
    CHANNEL,
    DISABILITY_KIND,
    DROPOUT_REASON,
    ID_KIND,
    INDUSTRY,
    JOINING,
    LEAVING,
    POLITICAL,
    POST_KIND,
)
from households.codes.living import (
    EXCLUSION,
    FUEL,
    MEASURE,
    MONITOR_KIND,
    MONITOR_MEASURE,
    REMOVAL,
    RISK,
    STANDARD,
)
from households.codes.national import (
    APPLIANCES,
    ATTRIBUTE,
    CAUSE,
    DANGER,
    EDUCATION,
    ETHNICITY,
    EXIT_STATUS,
    HEALTH,
    MACHINES,
    RELATION,
    RELATION_SEX,
    ROAD,
    SCHOOLING,
    SKILL,
    STRUCTURE,
    TIER,
    VEHICLE,
    WORK_PLACE,
    YES_NO,
    yes_no,
)

__all__ = [
    "APPLIANCES", "ATTRIBUTE", "BY_ACTION_ONLY", "CAUSE", "CHANNEL", "DANGER", "DISABILITY_KIND", "DROPOUT_REASON", "EDUCATION", "ETHNICITY",
    "EXCLUSION", "EXIT_STATUS", "FUEL", "HEALTH", "ID_KIND", "INDUSTRY", "JOINING", "LEAVING", "MACHINES", "MEASURE", "MONITOR_KIND",
    "MONITOR_MEASURE", "POLITICAL", "POST_KIND", "RELATION", "RELATION_SEX", "REMOVAL", "RISK", "ROAD", "SCHOOLING", "SKILL", "STANDARD",
    "STRUCTURE", "TIER", "VEHICLE", "WORK_PLACE", "YES_NO", "CodeList", "yes_no",
]  # fmt: skip
