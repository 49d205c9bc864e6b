"""What a check is and what it finds (brief 3.13). Pure."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    PERSON = "person"
    HOUSEHOLD = "household"
    VILLAGE = "village"


class Severity(StrEnum):
    """ERROR stops the submission of the form, WARNING asks for a remark, HINT only tells."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


SEVERITY_NAMES = {Severity.ERROR: "必须改", Severity.WARNING: "要说明", Severity.HINT: "请留意"}

FAMILIES = {
    1: "证件", 2: "空项", 3: "户结构", 4: "致贫原因", 5: "低保五保", 6: "劳动力", 7: "收入", 8: "务工", 9: "在校", 10: "两不愁三保障",
    11: "面积", 12: "残疾", 13: "帮扶", 14: "监测", 15: "六看答案",
}  # fmt: skip
"""Brief 3.13; 15 is answers against facts, found by `assessment` (ruling 26)."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that tools set differently: a county may change it."""

    code: str
    title: str
    default: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check says about its subject. `message` names no number, no phone and no amount; `field` is the column to mend;
    `detail` makes the fingerprint when the message alone would stay the same after a change."""

    message: str
    remedy: str = ""
    field: str = ""
    member: str = ""
    detail: str = ""


Check = Callable[..., Iterable[Hit]]
"""check(view, limits) with view = MemberView and its HouseholdView (person), HouseholdView or VillageView. See `Rule.level`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`code` is Q-FF-NN (family, number) and never reused. `years`: first and last year in which it is asked, None = open.
    A PERSON check is called check(member, household, limits), the others check(view, limits). `limits` maps threshold codes to Decimal."""

    code: str
    family: int
    level: Level
    severity: Severity
    title: str
    check: Check
    remedy: str = ""
    thresholds: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    weight: int = 0
    source: str = ""

    def asked_in(self, year: int) -> bool:
        first, last = self.years
        return (first is None or first <= year) and (last is None or year <= last)


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with its rule: what is stored. `subject` = key of the member, household or village."""

    rule: str
    family: int
    severity: Severity
    weight: int
    subject: str
    member: str
    message: str
    remedy: str
    field: str
    fingerprint: str


def finding(rule: Rule, hit: Hit, subject: str, severity: Severity | None = None) -> Finding:
    made = hashlib.sha256(f"{rule.code}|{subject}|{hit.message}|{hit.detail}".encode()).hexdigest()
    return Finding(
        rule.code, rule.family, severity or rule.severity, weight_of(rule, severity or rule.severity), subject, hit.member, hit.message[:200],
        (hit.remedy or rule.remedy)[:200], hit.field, made,
    )  # fmt: skip


def weight_of(rule: Rule, severity: Severity) -> int:
    """Order of the list 今日要改: errors first, then the rule's own weight (0-99)."""
    return {Severity.ERROR: 300, Severity.WARNING: 200, Severity.HINT: 100}[severity] + min(rule.weight, 99)


Limits = Mapping[str, Decimal]
