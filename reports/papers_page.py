"""What the page 打印 offers for a village or group: its papers, its lists by stage, its meetings, blank forms, and all households at once."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F
from django.urls import reverse

from accounts import roles
from assessment.models import Opinion, Round, RoundStatus, Sitting, SittingStatus, Verdict
from assessment.procedures import procedure_of
from assessment.selectors import rounds
from core.scope import Scope
from households.models import Household
from reports.papers.making import area_of, check_right, may_print_here
from reports.papers.model import Area, Level
from reports.papers.register import PAPERS, of_level
from villages.models import Village, VillagerGroup

MOST_MEETINGS = 20


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page shows; `area` is None for a caller without any village."""

    villages: list[Village]
    groups: list[VillagerGroup]
    rounds: list[Round]
    area: Area | None
    round: Round | None
    households: int
    lists: list[Link]
    meetings: list[Link]
    blanks: list[Link]
    bulk: list[dict[str, Any]]


def board_of(scope: Scope, *, village: str, group: str, round_code: str) -> Board:
    """The page for the place asked for, or for the caller's first village. NotFound for a place out of the area."""
    known = Village.objects.visible_to(scope).select_related("township", "county", "merged_into")
    villages = list(known.order_by(F("merged_into_id").asc(nulls_first=True), "code"))
    if not villages:
        return Board([], [], [], None, None, 0, [], [], [], [])
    here = next((row for row in villages if row.code == village), None)
    area = Area(here or villages[0]) if not group and (here or not village) else area_of(scope, group or village)
    if group and village and area.village.code != village:
        area = Area(here) if here else area_of(scope, village)
    check_right(scope, PAPERS["list"], area, blank=True)
    known = list(rounds(scope).filter(county_id=area.county_id))
    newest_open = max((row for row in known if row.status == RoundStatus.OPEN), key=lambda row: (row.reference_date, row.pk), default=None)
    round_ = next((row for row in known if row.code == round_code), None) or newest_open or (known[0] if known else None)
    return Board(
        villages, _groups(area), known, area, round_, Household.objects.visible_to(scope).registered().filter(**area.filters).count(),
        _lists(scope, area, round_), _meetings(scope, area, round_), _blanks(scope, area, round_), _bulk(scope, area),
    )  # fmt: skip


def _groups(area: Area) -> list[VillagerGroup]:
    return list(area.village.groups.filter(valid_to__isnull=True).order_by("number"))


def _url(paper: str, target: str, query: str = "") -> str:
    return reverse("paper_print", args=[paper, target]) + query


def _lists(scope: Scope, area: Area, round_: Round | None) -> list[Link]:
    links = [Link("花名册", _url("roster", area.code), "一人一行")]
    if round_ is None:
        return links
    place = {f"case__{name}": value for name, value in area.filters.items()}
    rows = Verdict.objects.visible_to(scope).standing().filter(case__round=round_, opinion=Opinion.AGREE, **place)
    counts = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
    for stage in procedure_of(round_.procedure).stages:
        query = f"?round={round_.code}&stage={stage.code}"
        links.append(Link(f"{stage.list_name}（{stage.name}）", _url("list", area.code, query), f"{counts.get(stage.code, 0)} 户"))
    return links


def _meetings(scope: Scope, area: Area, round_: Round | None) -> list[Link]:
    if round_ is None:
        return []
    rows = Sitting.objects.visible_to(scope).filter(round=round_, **area.filters).exclude(status=SittingStatus.DROPPED)
    names = procedure_of(round_.procedure).by_code
    links = []
    for row in rows.select_related("group", "ranking").order_by("-opened_at")[:MOST_MEETINGS]:
        group = f" {row.group.name}" if row.group else ""
        links.append(Link(f"{names[row.stage].name}会议记录{group}", _url("minutes", str(row.uuid)), row.get_status_display()))
        if hasattr(row, "ranking"):
            links.append(Link(f"{names[row.stage].name}逐户排队{group}", _url("ranking", str(row.uuid)), row.get_status_display()))
    return links


def _blanks(scope: Scope, area: Area, round_: Round | None) -> list[Link]:
    query = "?blank=1" + (f"&round={round_.code}" if round_ else "")
    rows = [paper for paper in of_level(Level.HOUSEHOLD) if paper.may_be_blank and (round_ or paper.code != "survey")]
    return [Link(paper.title, _url(paper.code, area.code, query)) for paper in rows if may_print_here(scope, paper, area, blank=True)]


def _bulk(scope: Scope, area: Area) -> list[dict[str, Any]]:
    if not scope.may(roles.PAPER_PRINT, area):
        return []
    rows = [paper for paper in of_level(Level.HOUSEHOLD) if paper.in_bulk]
    return [{"paper": paper, "may": may_print_here(scope, paper, area, blank=False)} for paper in rows]
