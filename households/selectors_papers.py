"""Signed papers of a household as pages show them: what is needed, what is there, and whether it still says what stands now."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from core.crypto import seal_mac
from core.scope import FieldClass, Scope
from households.codes import RELATION
from households.consent import BY_KIND, INCOME, REGISTRATION, SIGNED, SURVEY, SignedPaper
from households.models import Household, IncomeYear, Paper
from households.paper_context import PaperContext
from households.selectors_ledger import facts_changed_since

_SUMS = ("wage", "business", "dividend", "property_other", "family_planning", "dibao_money", "wubao_money", "pension", "ecology")
_INCOME_PARTS = (*_SUMS, "transfer_other", "expense", "insurance_paid", "medical_paid")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """收入测算表 of a year, signed by both sides. `outdated`: the figures were changed after it was signed."""

    on: date
    who: str
    surveyor: str
    outdated: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A paper in the list. `outdated` says in words that something else stands today; `void` why it does not count."""

    row: Paper
    relation: str
    readable: bool
    outdated: str
    void: str


@dataclass(frozen=True, slots=True)
class Needed:
    """One kind of paper: what the household has of it. `asked` = it is not concluded without it."""

    paper: SignedPaper
    asked: bool
    newest: Line | None

    @property
    def state(self) -> tuple[str, str]:
        """(word, colour)"""
        if self.newest is None:
            return ("待补", "back") if self.asked else ("还没有", "todo")
        return ("签的不是现在的内容", "back") if self.newest.outdated else ("已签", "done")


def papers_of(household: Household) -> QuerySet[Paper]:
    """The household comes from its gate."""
    return Paper.objects.filter(household=household).select_related("by", "set_aside__by").order_by("-at", "-pk")


def lines_of(scope: Scope, household: Household, context: PaperContext) -> list[Line]:
    """All of them, the newest first; three queries."""
    readable = scope.may_see(FieldClass.IDENTITY, household)
    sheets = {row.year: row for row in IncomeYear.objects.filter(household=household)}
    return [
        Line(row, RELATION.label(row.signer_relation), readable, outdated(row, household, context, sheets), row.set_aside.reason if row.is_set_aside else "")
        for row in papers_of(household)
    ]


def needed(lines: list[Line], context: PaperContext) -> list[Needed]:
    """Each kind once, with the newest paper that counts: of this round where it is a round's."""
    made = []
    for paper in SIGNED:
        mine = (line for line in lines if line.row.kind == paper.kind and not line.void)
        mine = (line for line in mine if not paper.of_round or line.row.round_code == context.round_code)
        made.append(Needed(paper, paper.kind in context.asked, next(mine, None)))
    return made


def outdated(row: Paper, household: Household, context: PaperContext, sheets: dict[int, IncomeYear]) -> str:
    """In words, when what was signed no longer stands. 申请书 and 意愿书 do not lapse: they say what the household wants."""
    if row.kind == REGISTRATION and facts_changed_since(household, row.household_version):
        return f"签的是第 {row.household_version} 版，现在第 {household.version} 版"
    if row.kind == SURVEY and row.round_code == context.round_code and row.survey_revision != context.survey_revision:
        return f"签的是第 {row.survey_revision or 0} 份，现在第 {context.survey_revision or 0} 份"
    return "签字以后收支表改过" if row.kind == INCOME and _changed_since(row, sheets.get(row.year or 0)) else ""


def _changed_since(row: Paper, sheet: IncomeYear | None) -> bool:
    return sheet is not None and sheet.updated_at > row.at


def income_confirmed(household: Household, year: int) -> Confirmed | None:
    """不代人算账 (A8-13): None until the household has signed the sheet of that year face to face."""
    sheet = IncomeYear.objects.filter(household=household, year=year).first()
    rows = Paper.objects.filter(household=household, kind=INCOME, year=year, face_to_face=True, set_aside__isnull=True)
    row = rows.order_by("-at", "-pk").first()
    if row is None:
        return None
    return Confirmed(row.signed_on, row.signer_name, row.surveyor_name, outdated=_changed_since(row, sheet))


def income_note(household: Household) -> str:
    """Of the newest sheet, in words: confirmed by whom and when, or 未经本户确认; "" without a sheet."""
    year = IncomeYear.objects.filter(household=household).order_by("-year").values_list("year", flat=True).first()
    if year is None:
        return ""
    found = income_confirmed(household, year)
    if found is None:
        return f"{year} 年度收支未经本户确认"
    return f"{year} 年度收支{'在签字以后改过，须重新签字' if found.outdated else f'由{found.who}签字确认，{found.on:%Y-%m-%d}'}"


def income_digest(row: IncomeYear | None) -> str:
    """Keyed digest of the parts of a year's sheet; "" without one."""
    if row is None:
        return ""
    parts = {name: _said(getattr(row, name)) for name in _INCOME_PARTS} | {"persons": row.persons, "year": row.year}
    return keyed_digest(parts)


def keyed_digest(document: object) -> str:
    """64 signs; keyed, because what it is over can be guessed."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return seal_mac(text.encode()).rpartition(".")[2][:64]


def _said(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


@dataclass(frozen=True, slots=True)
class Mark:
    """One of 三对面 or 三签字: whether it is there, in words."""

    name: str
    done: bool
    said: str


def paper_marks(needs: list[Needed]) -> tuple[list[Mark], list[Mark]]:
    """The two of each three that papers of the household prove: (对面, 签字)."""
    by_kind = {need.paper.kind: need.newest for need in needs}
    faces, signed = [], []
    for kind, face, what in ((SURVEY, "入户调查面对面", "入户调查表双方签字"), (INCOME, "收入测算面对面", "收入测算表双方签字")):
        line = by_kind[kind]
        there = line is not None and line.row.face_to_face
        faces.append(Mark(face, there, f"{line.row.signed_on:%Y-%m-%d}" if there else "还没有记录"))
        both = line is not None and bool(line.row.surveyor_name)
        signed.append(Mark(what, both, f"{line.row.surveyor_name}、{line.row.signer_name}" if both else f"还没有《{BY_KIND[kind].name}》"))
    return faces, signed


