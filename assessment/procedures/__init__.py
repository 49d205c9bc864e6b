"""The procedures that a round may pin, by code. Families are modules; this is the register (rulings 18 and 27). Pure."""

from assessment.procedures.identify import QXN, XINJIANG
from assessment.procedures.model import LADDER, LEVEL_NAMES, Check, Level, Mode, NoticeRule, PanelRule, Procedure, Stage

PROCEDURES: dict[str, Procedure] = {procedure.code: procedure for procedure in (QXN, XINJIANG)}

__all__ = [
    "LADDER",
    "LEVEL_NAMES",
    "PROCEDURES",
    "Check",
    "Level",
    "Mode",
    "NoticeRule",
    "PanelRule",
    "Procedure",
    "Stage",
    "procedure_of",
]


def procedure_of(code: str) -> Procedure:
    """KeyError for an unknown code: a round's procedure is checked when it opens."""
    return PROCEDURES[code]
