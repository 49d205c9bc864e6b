"""From a request to a PDF: who may have it, its data, its characters, its bytes. Reads only; the caller records the reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts import roles
from assessment.models import Round, Sitting
from assessment.selectors import round_of
from assessment.selectors_papers import sitting_to_print
from core.errors import Denied, NotFound, WrongState
from core.papers import FontsMissing, render, texts_of, unprintable
from core.scope import FieldClass, Scope
from households.models import Household
from households.papers_digest import digest_shown
from households.selectors import visible_household
from households.selectors_papers import keyed_digest
from reports.papers.model import Area, Ask, Data, Level, Paper
from reports.papers.register import PAPERS
from reports.papers.words import day
from villages.models import Village, VillagerGroup

HOUSEHOLD_CODE = 16
INSTEAD = "〓"
"""The printers' mark for a character they have no type for; the foot says which one to write in by hand."""
_CLASS_NAMES = {FieldClass.IDENTITY: "证件号码", FieldClass.CONTACT: "联系电话", FieldClass.HEALTH: "健康状况", FieldClass.FINANCE: "收入和存款"}


@dataclass(frozen=True, slots=True)
class Made:
    """A paper ready to hand out, with what the trail says of it."""

    paper: Paper
    place: object
    code: str
    pdf: bytes
    name: str
    check: str
    blank: bool

    @property
    def said(self) -> str:
        return f"{self.paper.title}（空白）" if self.blank else self.paper.title

    @property
    def disposition(self) -> str:
        return content_disposition_header(as_attachment=False, filename=self.name)


def paper_named(code: str) -> Paper:
    paper = PAPERS.get(code)
    if paper is None:
        raise NotFound("没有这种表。")
    return paper


def make(scope: Scope, paper: Paper, target: str, *, blank: bool = False, round_code: str = "", stage: str = "", year: int | None = None) -> Made:
    """One paper for one target. NotFound, Denied (right or field class), WrongState (nothing to fill it with)."""
    if blank and not paper.may_be_blank:
        raise NotFound("这种表没有空白的。")
    found = target_of(scope, paper, target, blank=blank)
    check_right(scope, paper, found, blank=blank)
    ask = Ask(scope, found, blank, _round_for(scope, paper, found, round_code), stage, year)
    sheet = paper.build(ask)
    pdf = print_sheets(paper, [sheet], made_by=scope.actor_label, blank=blank)
    code = str(found.uuid) if isinstance(found, Sitting) else found.code
    return Made(paper, found, code, pdf, f"{title_of(paper, sheet)}{'（空白）' if blank else ''}_{_of(sheet, found)}.pdf", _check_of(paper, sheet), blank)


def check_right(scope: Scope, paper: Paper, place: object, *, blank: bool) -> None:
    """The paper's right in this place, and for a filled one its field classes. Raises Denied."""
    if not scope.may(paper.right, place):
        raise Denied
    lacking = [] if blank else [_CLASS_NAMES[kind] for kind in paper.classes if not scope.may_see(kind, place)]
    if lacking:
        raise Denied(f"{paper.title}里有{'、'.join(lacking)}，您的岗位不能打印填好的。可以打印空白表。" if paper.may_be_blank else f"{paper.title}里有{'、'.join(lacking)}，您的岗位不能打印。")


def target_of(scope: Scope, paper: Paper, code: str, *, blank: bool = False) -> Household | Area | Sitting:
    """What the address names, in the caller's area; NotFound otherwise. A blank form may be asked for a place."""
    if paper.level == Level.SITTING:
        return sitting_to_print(scope, uuid_of(code))
    if paper.level == Level.AREA:
        return area_of(scope, code)
    if blank:
        return _area_or_none(scope, code) or visible_household(scope, code)
    return visible_household(scope, code)


def uuid_of(text: str) -> str:
    from uuid import UUID

    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound from None


def area_of(scope: Scope, code: str) -> Area:
    """The village or group with this code; NotFound when missing or out of the area."""
    area = _area_or_none(scope, code)
    if area is None:
        raise NotFound
    return area


def _area_or_none(scope: Scope, code: str) -> Area | None:
    village = Village.objects.visible_to(scope).select_related("county", "township").filter(code=code).first()
    if village is not None:
        return Area(village)
    group = VillagerGroup.objects.visible_to(scope).select_related("village__county", "village__township").filter(code=code).first()
    return Area(group.village, group) if group else None


def _round_for(scope: Scope, paper: Paper, found: object, code: str) -> Round | None:
    if paper.code not in ("survey", "score", "list"):
        return None
    county = found.county_id if isinstance(found, Household | Area) else found.round.county_id
    return round_of(scope, _InCounty(county), code)


@dataclass(frozen=True, slots=True)
class _InCounty:
    county_id: int


def print_sheets(paper: Paper, sheets: Sequence[Data], *, made_by: str, blank: bool, on: date | None = None) -> bytes:
    """The PDF of one or more sheets of a paper; every sheet counts its own pages. WrongState when the fonts are not there."""
    said = {"blank": blank, "title": title_of(paper, sheets[0]), "made": f"{day(on or timezone.localdate())}打印 {made_by}".strip()}
    data = said | {"sheets": [sheet | {"check": _check_of(paper, sheet) if not blank else ""} for sheet in sheets]}
    try:
        rare = unprintable(texts_of(data))
        data = _with_marks(data, rare) | {"rare": [f"U+{ord(character):04X}" for character in rare]}
        return render(paper.template, data, title=str(said["title"]))
    except FontsMissing:
        raise WrongState("服务器上没有装打印用的中文字体，请告诉系统管理员。", code="fonts_missing") from None


def title_of(paper: Paper, sheet: Data) -> str:
    return str(sheet.get("title") or paper.title)


def _check_of(paper: Paper, sheet: Data) -> str:
    """Of the facts where the paper is to be signed; else of what the sheet says."""
    return str(sheet.get("check") or "") or digest_shown(keyed_digest([paper.code, sheet]))


def _with_marks(data: object, rare: Sequence[str]):
    if not rare:
        return data
    table = str.maketrans(dict.fromkeys(rare, INSTEAD))
    if isinstance(data, str):
        return data.translate(table)
    if isinstance(data, dict):
        return {key: _with_marks(value, rare) for key, value in data.items()}
    return [_with_marks(value, rare) for value in data] if isinstance(data, list | tuple) else data


def _of(sheet: Data, found: object) -> str:
    if isinstance(found, Household):
        return found.code
    return str(sheet.get("area") or str(sheet["place"]).replace(" ", ""))


def may_print_here(scope: Scope, paper: Paper, place: object, *, blank: bool) -> bool:
    """Whether a link to the paper is worth showing."""
    try:
        check_right(scope, paper, place, blank=blank)
    except Denied:
        return False
    return True


def offered(scope: Scope, household: Household) -> list[dict[str, object]]:
    """Papers of a household with whether the caller may have them filled and blank; for the panel on its page."""
    if not scope.may(roles.PAPER_PRINT, household):
        return []
    rows = [paper for paper in PAPERS.values() if paper.level == Level.HOUSEHOLD]
    made = [{"paper": paper, "filled": may_print_here(scope, paper, household, blank=False), "blank": paper.may_be_blank} for paper in rows]
    return [row for row in made if row["filled"] or row["blank"]]
