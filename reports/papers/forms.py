"""The papers of one household that it signs or keeps: application, wish, registration, income sheet, card, door plate."""

from django.db.models import QuerySet

from core.periods import age_on
from households import codes
from households.actions.steps import document
from households.fields import HOUSEHOLD, INCOME, MEMBER, Section
from households.models import Household, IncomeYear, Membership
from households.papers_digest import digest_shown, stable_facts
from households.secrets import reveal
from households.selectors_papers import income_confirmed, income_digest, keyed_digest
from reports.papers.model import Area, Ask, Data
from reports.papers.words import UNGROUPED, boxes, day, number, place_of, section_of, told, value_of, where

EMPTY_MEMBERS = 8
BEFORE_SECTIONS = ("schooling",)


def facts_check(household: Household) -> str:
    """校验码 of the facts that stand now, as the scan's row will keep it."""
    return digest_shown(keyed_digest(stable_facts(document(household))))


def head_of(ask: Ask, *, signed: bool = False) -> Data:
    """What every sheet of a household begins with; a blank one for an area knows the place only. `signed`: its code is over the facts."""
    household = None if isinstance(ask.target, Area) else ask.target
    if household is None:
        return _blank_head(ask.target)
    named = {"version": ""} if ask.blank else {"check": facts_check(household) if signed else ""}
    return {
        "where": where(household.village, household.group.name if household.group else UNGROUPED), "place": place_of(household.village, household.group), "code": household.code,
        "head": household.head_name, "persons": str(household.persons), "version": f"户信息第 {household.version} 版", "check": "",
    } | named  # fmt: skip


def _blank_head(area: Area) -> Data:
    village = area.village
    parts = where(village, area.group.name if area.group else "")
    return {"where": parts, "place": place_of(village, area.group), "code": "", "head": "", "persons": "", "version": "", "check": ""}


def application(ask: Ask) -> Data:
    """申请书: the reasons are the household's own to write (A8-13). Income stands on it only when the household has confirmed it."""
    income = None if ask.blank else confirmed_income(ask.target)
    declared = {"year": str(income.year), "net": number(income.net), "per_head": number(income.per_head)} if income else {}
    return head_of(ask, signed=True) | {"declared": declared}


def wish(ask: Ask) -> Data:
    """意愿书: its plans are lines to write on; the needs it has already named are ticked."""
    chosen = [] if ask.blank else ask.target.needs or []
    needs = [(code in chosen, label) for code, label in codes.MEASURE.items.items()]
    return head_of(ask, signed=True) | {"needs": needs}


def confirmed_income(household: Household) -> IncomeYear | None:
    """The newest income sheet, if the household has signed it as it stands."""
    row = household.income_years.order_by("-year").first()
    signed = income_confirmed(household, row.year) if row else None
    return row if signed and not signed.outdated else None


def registration(ask: Ask) -> Data:
    """基本情况登记表: every declared field, every living member."""
    household = None if ask.blank else ask.target
    members = list(members_of(ask.target)) if household else []
    return head_of(ask, signed=True) | {
        "registered": day(household.registered_on) if household else "",
        "sections": [section_of(section, household) for section in HOUSEHOLD.sections],
        "tables": [_identities(members, MEMBER.section("schooling")), *(_members(members, section) for section in MEMBER.sections if section.code not in BEFORE_SECTIONS)],
    }  # fmt: skip


def members_of(household: Household) -> QuerySet[Membership]:
    """Living members, the head first."""
    return household.memberships.current().select_related("person").order_by("relation", "code", "pk")


def _identities(members: list[Membership], school: Section) -> Data:
    heads = ["姓名", "与户主关系", "性别", "出生日期", "民族", "证件号码", *(field.label for field in school.fields)]
    rows = [
        [
            row.person.name, codes.RELATION.items.get(row.relation, ""), row.person.get_sex_display(), _short_day(row.person.birth),
            codes.ETHNICITY.items.get(row.person.ethnicity, ""), reveal(row.person, "id"), *(told(field, value_of(field, row)) for field in school.fields),
        ]
        for row in members
    ]  # fmt: skip
    return {"title": "家庭成员：基本情况、上学", "key": "identity", "heads": heads, "rows": rows or _empty(heads), "legend": _legend(school) if not members else []}


def _members(members: list[Membership], section: Section) -> Data:
    heads = ["姓名", *(field.caption for field in section.fields)]
    rows = [[row.person.name, *(_bare(field, row) for field in section.fields)] for row in members]
    return {"title": f"家庭成员：{section.title}", "key": section.code, "heads": heads, "rows": rows or _empty(heads), "legend": _legend(section) if not members else []}


def _bare(field, row: Membership) -> str:
    """The column's head has the unit already."""
    return told(field, value_of(field, row)).removesuffix(f" {field.unit}") if field.unit else told(field, value_of(field, row))


def _empty(heads: list[str]) -> list[list[str]]:
    return [[""] * len(heads) for _ in range(EMPTY_MEMBERS)]


def _legend(section: Section) -> list[str]:
    """What may be written into the columns of a blank table."""
    named = [(field.label, boxes(field)) for field in section.fields if field.codes]
    return [f"{label}：{'、'.join(word for _, word in words)}" for label, words in named if words]


def _short_day(value) -> str:
    return f"{value:%Y-%m-%d}" if value else ""


def income(ask: Ask) -> Data:
    """收入测算表 of a year: what the household says itself, part by part, and what follows from it."""
    row = None if ask.blank else _income_row(ask)
    sections = [{"title": section.title, "lines": [_amount(field, row) for field in section.fields]} for section in INCOME.sections]
    base = head_of(ask) | {"sections": sections, "year": str(row.year) if row else "", "net": number(row.net) if row else "", "per_head": number(row.per_head) if row else ""}
    if row is not None:
        base |= {"persons": str(row.persons), "check": digest_shown(income_digest(row))}
    return base


def _income_row(ask: Ask) -> IncomeYear | None:
    rows = ask.target.income_years.order_by("-year")
    return (rows.filter(year=ask.year) if ask.year else rows).first()


def _amount(field, row: IncomeYear | None) -> Data:
    """A blank sheet explains what belongs into a line; a filled one shows the amount."""
    return {"label": field.label, "help": field.help, "text": number(getattr(row, field.name)) if row else ""}


def card(ask: Ask) -> Data:
    """户卡: for the wall of the household. No number, no illness, no amount on it."""
    household = ask.target
    people = [
        {"name": row.person.name, "relation": codes.RELATION.items.get(row.relation, ""), "sex": row.person.get_sex_display(), "age": _age(row),
         "schooling": _schooling(row), "skill": codes.SKILL.items.get(row.skill, "")}
        for row in members_of(household)
    ]  # fmt: skip
    told_of = {name: told(HOUSEHOLD.named[name], getattr(household, name)) for name in ("attribute", "needs", "plan", "measures_taken", "income_project", "helper_name", "helper_unit")}
    return head_of(ask) | told_of | {"causes": causes_of(household), "members": people, "standing": codes.TIER.items.get(household.standing, "")}


def _age(row: Membership) -> str:
    """Full years at the end of last year would go out of date on a wall: the year of birth stays true."""
    return f"{row.person.birth.year}年" if row.person.birth else ""


def _schooling(row: Membership) -> str:
    school = codes.SCHOOLING.items.get(row.schooling, "") if row.schooling not in ("", "01") else ""
    return f"{school}在读" if school else codes.EDUCATION.items.get(row.education, "")


def causes_of(household: Household) -> str:
    named = [household.cause, *household.other_causes.split(",")]
    return "、".join(codes.CAUSE.items[code] for code in named if code in codes.CAUSE.items)


def plate(ask: Ask) -> Data:
    """门牌: 致贫原因、脱贫需求、帮扶计划 (A8-14), with whose door it is. Nothing else may come to it."""
    household = ask.target
    needs = told(HOUSEHOLD.named["needs"], household.needs) if household.needs else ""
    return {
        "place": place_of(household.village, household.group), "head": household.head_name, "causes": causes_of(household),
        "needs": needs, "plan": household.plan, "version": "", "check": "",
    }  # fmt: skip


def age_shown(row: Membership, on) -> str:
    return str(age_on(row.person.birth, on)) if row.person.birth and row.person.birth <= on else ""
