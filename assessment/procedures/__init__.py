"""The procedures that a round may pin, by code: ours, family by family, and a county's own from its files (rulings 18 and 27). Pure."""

from collections.abc import Iterable

from assessment.procedures.checking import faults_of
from assessment.procedures.identify import CHANGJI, FOUR_STEPS, QINGYANG, QXN, XINJIANG
from assessment.procedures.leaving import YICHANG
from assessment.procedures.model import (
    LADDER,
    LEVEL_NAMES,
    STANDING,
    Check,
    Level,
    Mode,
    NoticeRule,
    PanelRule,
    PaperNeed,
    Procedure,
    Stage,
)
from assessment.procedures.support import AGAINST_FALLING_BACK, LOW_INCOME

PROCEDURES: dict[str, Procedure] = {}
OURS = (QXN, XINJIANG, QINGYANG, FOUR_STEPS, CHANGJI, LOW_INCOME, AGAINST_FALLING_BACK, YICHANG)

__all__ = [
    "LADDER",
    "LEVEL_NAMES",
    "OURS",
    "PROCEDURES",
    "STANDING",
    "Check",
    "Level",
    "Mode",
    "NoticeRule",
    "PanelRule",
    "PaperNeed",
    "Procedure",
    "Stage",
    "admit",
    "procedure_of",
]


def admit(procedures: Iterable[Procedure]) -> None:
    """Enter procedures into the register, before anybody asks for one. ValueError for a faulty one and for a code that is taken."""
    for procedure in procedures:
        faults = faults_of(procedure)
        if procedure.code in PROCEDURES:
            faults.append(f"代码 {procedure.code} 已有别的程序。")
        if faults:
            raise ValueError(f"程序 {procedure.code} 不能用：" + "".join(faults))
        PROCEDURES[procedure.code] = procedure


def procedure_of(code: str) -> Procedure:
    """KeyError for an unknown code: a round's procedure is checked when it opens."""
    return PROCEDURES[code]


admit(OURS)
