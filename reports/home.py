"""What the home page of each role shows: what to do next, at most three numbers, then the list behind them (ui.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts import roles
from assessment.models import Doubt, Round, Survey, SurveyStatus
from core.models import Job
from core.scope import Scope
from households.models import Household
from reports.rollup import households_counted, surveys_counted
from reports.tables import Table, build_table, tiers_of
from villages.models import County, Township, Village, VillagerGroup

WORK_ROWS = 15
_ADMIN_LINKS = (
    (roles.ACCOUNT_MANAGE, "/manage/accounts/", "账号", "新建账号、重置密码、干部调动时移交。"),
    (roles.PLACE_MANAGE, "/manage/places/", "地点", "乡镇、村、村民小组和各年户籍人口。"),
    (roles.ASSIGNMENT_MANAGE, "/manage/assignments/", "岗位", "谁在哪里任什么岗位，从哪天到哪天。"),
    (roles.AUDIT_VIEW, "/manage/audit/", "审计", "谁在什么时候做了什么，按人、按对象查。"),
)


@dataclass(frozen=True, slots=True)
class HomePage:
    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing that waits for the reader."""

    label: str
    state: str
    household: Household
    group: str
    what: str
    waited: int
    action: str

    @property
    def url(self) -> str:
        return f"/households/{self.household.code}/survey/"


@dataclass(frozen=True, slots=True)
class Progress:
    """Households to survey and surveyed, of a village or a group."""

    name: str
    households: int
    surveyed: int
    url: str = ""

    @property
    def missing(self) -> int:
        return max(0, self.households - self.surveyed)

    @property
    def share(self) -> float | None:
        return self.surveyed / self.households if self.households else None


def page_for(scope: Scope, user, day: date) -> HomePage:
    """The home page by the widest area that the caller works in."""
    round_ = current_round(scope)
    base = {"round": round_, "day": day, "recent_jobs": list(Job.objects.filter(requested_by=user)[:3])}
    if round_ is not None:
        base |= {"round_label": round_.name, "round_url": f"/rounds/{round_.code}/"}
    if any(grant.county_id for grant in scope.rows):
        return HomePage("reports/home_county.html", base | county_context(scope, round_))
    if any(grant.township_id for grant in scope.rows):
        return HomePage("reports/home_township.html", base | township_context(scope, round_))
    if scope.rows:
        return HomePage("reports/home_village.html", base | village_context(scope, round_, day))
    links = [(url, title, text) for right, url, title, text in _ADMIN_LINKS if scope.has(right)]
    return HomePage("reports/home_admin.html", base | {"links": links})


def current_round(scope: Scope) -> Round | None:
    """The open round that began last, or the last one of all."""
    rounds = Round.objects.visible_to(scope).select_related("county", "rubric").order_by("-opened_at")
    return rounds.open().first() or rounds.first()


def numbers(scope: Scope, round_: Round) -> dict[str, int]:
    """The three numbers of a working role."""
    households = households_counted(round_).visible_to(scope).count()
    surveyed = surveys_counted(round_).visible_to(scope).count()
    return {
        "households": households,
        "surveyed": surveyed,
        "waiting": max(0, households - surveyed),
        "drafts": _drafts(scope, round_).count(),
        "doubts": Doubt.objects.visible_to(scope).filter(open=True, survey__round=round_).count(),
    }


def village_context(scope: Scope, round_: Round | None, day: date) -> dict[str, Any]:
    villages = list(Village.objects.visible_to(scope).select_related("township", "county").order_by("code"))
    context: dict[str, Any] = {
        "villages": villages,
        "place": _place_of(villages),
        "may_register": scope.has(roles.HOUSEHOLD_EDIT),
    }
    if round_ is None:
        return context
    items = work_items(scope, round_, day)
    return context | {
        "numbers": numbers(scope, round_),
        "items": items,
        "next": items[0] if items else None,
        "groups": group_progress(scope, round_),
    }


def work_items(scope: Scope, round_: Round, day: date) -> list[WorkItem]:
    """Drafts to finish first, then households nobody has visited, oldest first."""
    drafts = _drafts(scope, round_).select_related("household", "group").order_by("saved_at")[:WORK_ROWS]
    items = [_draft_item(survey, day) for survey in drafts]
    known = Survey.objects.filter(round=round_, status__in=(SurveyStatus.DRAFT, SurveyStatus.SUBMITTED))
    waiting = households_counted(round_).visible_to(scope).exclude(pk__in=known.values("household_id"))
    rows = waiting.select_related("group").order_by("registered_on", "code")[: WORK_ROWS - len(items)]
    return items + [_waiting_item(household, round_, day) for household in rows]


def group_progress(scope: Scope, round_: Round) -> list[Progress]:
    due = _count_by(households_counted(round_).visible_to(scope), "group_id")
    done = _count_by(surveys_counted(round_).visible_to(scope), "group_id")
    groups = VillagerGroup.objects.visible_to(scope).select_related("village").order_by("village__code", "number")
    several = len({group.village_id for group in groups}) > 1
    lines = [
        Progress(
            f"{group.village.short_name}{group.name}" if several else group.name,
            due.get(group.pk, 0),
            done.get(group.pk, 0),
        )
        for group in groups
        if group.valid_to is None or due.get(group.pk) or done.get(group.pk)
    ]
    if due.get(None) or done.get(None):
        lines.append(Progress("未分组", due.get(None, 0), done.get(None, 0)))
    return lines


def township_context(scope: Scope, round_: Round | None) -> dict[str, Any]:
    townships = list(Township.objects.visible_to(scope).select_related("county"))
    context: dict[str, Any] = {"townships": townships, "place": _place_of(townships)}
    if round_ is None:
        return context
    return context | {"numbers": numbers(scope, round_), "progress": village_progress(scope, round_)}


def village_progress(scope: Scope, round_: Round) -> list[Progress]:
    """Villages by coverage, the one that lags most first; villages without households last."""
    due = _count_by(households_counted(round_).visible_to(scope), "village_id")
    done = _count_by(surveys_counted(round_).visible_to(scope), "village_id")
    table = reverse("table", args=["village"])
    rows = [
        Progress(v.short_name, due.get(v.pk, 0), done.get(v.pk, 0), f"{table}?round={round_.code}&area={v.code}")
        for v in Village.objects.visible_to(scope).filter(valid_to__isnull=True).order_by("code")
    ]
    return sorted(rows, key=lambda row: (row.share is None, row.share or 0, -row.households))


def county_context(scope: Scope, round_: Round | None) -> dict[str, Any]:
    """The dashboard reads the county table, so that chart, table and Excel show the same number (ui.md)."""
    counties = list(County.objects.visible_to(scope))
    context: dict[str, Any] = {"place": _place_of(counties), "may_build": scope.has(roles.TABLE_BUILD)}
    if round_ is None:
        return context
    table = build_table("county", round_, round_.county.code, scope)
    return context | {
        "table": table,
        "total": table.total.values,
        "tiers": _tier_bars(table),
        "causes": _cause_bars(table),
    }


def _tier_bars(table: Table) -> list[dict[str, Any]]:
    values = table.total.values
    return [
        _bar_row(table, f"tier.{tier.code}", tier.name, values, suffix=tier.code.lower())
        for tier in tiers_of(table.round)
    ]


def _cause_bars(table: Table) -> list[dict[str, Any]]:
    values = table.total.values
    columns = [column for column in table.columns if column.code.startswith("cause.") and values[column.code]]
    bars = [_bar_row(table, column.code, column.short, values, suffix="accent") for column in columns]
    return sorted(bars, key=lambda row: -row["value"])


def _bar_row(table: Table, code: str, label: str, values: dict[str, Any], *, suffix: str) -> dict[str, Any]:
    url = f"{reverse('table_cell', args=['county'])}?round={table.round.code}&area={table.area.code}&column={code}"
    twin = code.replace(".", "_persons.", 1)
    return {"label": label, "value": values[code] or 0, "persons": values.get(twin), "suffix": suffix, "url": url}


def _drafts(scope: Scope, round_: Round) -> QuerySet[Survey]:
    return Survey.objects.visible_to(scope).filter(round=round_, status=SurveyStatus.DRAFT)


def _draft_item(survey: Survey, day: date) -> WorkItem:
    answered = len(survey.answers) - survey.answers.count("-")
    what = f"六看评估已答 {answered} / {len(survey.answers)} 项，还没有提交。"
    waited = (day - survey.created_at.date()).days
    return WorkItem(
        "草稿", "doing", survey.household, survey.group.name if survey.group else "未分组", what, max(0, waited), "续填"
    )


def _waiting_item(household: Household, round_: Round, day: date) -> WorkItem:
    since = max(household.registered_on, round_.opened_at.date())
    group = household.group.name if household.group else "未分组"
    return WorkItem("待评估", "todo", household, group, "尚未入户评估。", max(0, (day - since).days), "填表")


def _count_by(rows: QuerySet, field: str) -> dict[int | None, int]:
    return dict(rows.order_by().values_list(field).annotate(Count("pk")))


def _place_of(places: list) -> list[tuple[str, str]]:
    """县 / 乡镇 / 村 of the first place; several places are named one after the other."""
    if not places:
        return []
    first = places[0]
    above = [getattr(first, name).name for name in ("county", "township") if getattr(first, name, None) is not None]
    names = "、".join(getattr(place, "short_name", place.name) for place in places[:3])
    return [(name, "") for name in [*above, names]]
