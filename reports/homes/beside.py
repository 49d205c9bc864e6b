"""Lists that lie beside the round's work: doubts of today, transfers that wait, nobody left out. One query each, none for what is known."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from accounts import roles
from core.scope import Scope
from households.selectors_doubts import left_today
from households.selectors_family import transfers_waiting


@dataclass(frozen=True, slots=True)
class Beside:
    title: str
    url: str
    detail: str


def beside(scope: Scope, unvisited: int, doubts: int | None = None) -> list[Beside]:
    """`unvisited` = households without a form, `doubts` = those to mend today where the page has counted them already."""
    return list(_lines(scope, unvisited, doubts))


def office_lines(scope: Scope) -> list[Beside]:
    """For the home that has its figures elsewhere: only the way to 委托代办."""
    return list(_stand_ins(scope))


def _stand_ins(scope: Scope) -> Iterator[Beside]:
    if scope.has(roles.DELEGATION_GIVE) or scope.stand_ins:
        yield Beside("委托代办", reverse("delegations"), "外出时请人代办，写明起止日期")


def _lines(scope: Scope, unvisited: int, doubts: int | None) -> Iterator[Beside]:
    if scope.has(roles.DOUBT_VIEW):
        left = left_today(scope) if doubts is None else doubts
        yield Beside("疑点：今日要改", reverse("doubts_today"), f"{left:,} 处")
    if scope.has(roles.TRANSFER_ANSWER):
        yield Beside("转户和迁移：等您答复", reverse("transfers") + "?list=waiting", f"{transfers_waiting(scope).count():,} 件")
    if scope.has(roles.COVERAGE_VIEW):
        yield Beside("不落一户：没有入户", reverse("coverage") + "?list=visits", f"{unvisited:,} 户")
    yield from _stand_ins(scope)
