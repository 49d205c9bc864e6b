"""分类名单: what the meetings of a round have made of each household (确定全村农户分类名单, ruling 14). No number of any person is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from accounts import roles
from assessment.models import Case
from assessment.procedures import procedure_of
from assessment.selectors_list import case_lines
from households.codes import ATTRIBUTE
from reports.workbooks.cells import label, of_home
from reports.workbooks.model import Ask, Column, Line, Progress, Report, Sight
from villages.models import County, Township, Village
from villages.selectors import family_of

PIECE = 500
_OPEN = Sight(numbers=False, cards=False, contact=False, health=False, finance=False)
COLUMNS = (
    Column("number", "序号", "本表行号", lambda line: line.number, "integer", 7),
    Column("township", "乡(镇)", "立项时所在乡镇", of_home("township")),
    Column("village", "行政村", "立项时所在村或社区", of_home("village"), width=16),
    Column("group", "组", "立项时所在村民小组", of_home("group"), width=9),
    Column("household", "户编号", "16 位户编号", of_home("code"), "code", 20),
    Column("head_name", "户主姓名", "现任户主", of_home("head"), width=10),
    Column("persons", "人数", "评估表提交时的在户人数", of_home("persons"), "integer", 7, "人"),
    Column("attribute", "贫困户属性", "评估表提交时的属性", of_home("attribute"), width=14),
    Column("points", "六看得分", "名单锁定的得分；未锁定的为评估表现有得分", of_home("points"), "integer", 9, "分"),
    Column("tier", "六看分类", "由得分所在分数段得出", of_home("tier"), width=14),
    Column("decided", "评议类别", "最近一次评议确定的类别，未评议的为空", of_home("decided"), width=14),
    Column("why", "与得分不同的理由", "评议类别与六看分类不同时由会议写明", of_home("why"), width=30),
    Column("stage", "所在阶段", "截至导出时", of_home("stage"), width=9),
    Column("state", "办理状态", "办理中、异议核查中、已认定、不予列入、已终止", of_home("state"), width=11),
    Column("votes", "同意/不同意", "最近一次有效表决的票数", of_home("votes"), width=10),
    Column("marks", "备注", "待补材料、退回、补充评议等", of_home("marks"), width=20),
    Column("concluded", "认定日期", "办结之日", of_home("concluded"), "date", 12),
)


def cases_of(ask: Ask) -> QuerySet[Case]:
    """The round's cases of the place as it is today: a merged village's list lies with its heir."""
    rows = Case.objects.visible_to(ask.scope.narrowed_to(roles.EXPORT_ROSTER)).filter(round=ask.round)
    if isinstance(ask.place, Village):
        return rows.filter(village_id__in=sorted(family_of([ask.place.pk])))
    return rows.filter(**{{County: "county_id", Township: "township_id"}[type(ask.place)]: ask.place.pk})


def _lines(ask: Ask, progress: Progress) -> Iterator[Line]:
    """By village, group and household code; pieces by key, three queries each."""
    ids = list(cases_of(ask).order_by("village__code", "group__number", "household__code").values_list("pk", flat=True))
    day, stages = timezone.localdate(), procedure_of(ask.round.procedure).by_code
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        related = Case.objects.select_related("household", "township", "village", "group", "survey__score", "score")
        found = related.in_bulk(piece)
        cases = [found[pk] for pk in piece if pk in found]
        for number, home in enumerate(_homes(ask, cases, day), start=start + 1):
            home["stage"] = stages[home["stage"]].name if home["live"] else ""
            yield Line(number, home, {}, {}, _OPEN)
        progress(min(start + PIECE, len(ids)))


def _homes(ask: Ask, cases: list[Case], day: date) -> Iterator[dict[str, object]]:
    for case, line in zip(cases, case_lines(ask.round, cases, day), strict=True):
        survey = case.survey
        yield {
            "township": case.township.name, "village": case.village.short_name, "group": case.group.name if case.group else "未分组",
            "code": case.household.code, "head": case.household.head_name, "persons": survey.persons if survey else case.household.persons,
            "attribute": label(ATTRIBUTE, survey.attribute if survey else case.household.attribute), "points": line.points,
            "tier": line.tier_name, "decided": line.decided_name, "why": line.why, "stage": case.stage, "live": line.age is not None,
            "state": line.state, "votes": line.votes, "marks": "、".join(line.marks),
            "concluded": timezone.localdate(case.concluded_at) if case.concluded_at else None,
        }  # fmt: skip


OUTCOME = Report(
    "list", "分类名单", "本批次各户得分、评议类别和办理结果", sheet="分类名单", columns=COLUMNS, lines=_lines, count=lambda ask: cases_of(ask).count()
)
