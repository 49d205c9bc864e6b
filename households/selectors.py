"""Reads of households for pages: keyset pages, and one household's file with masks by field class."""

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from core.errors import NotFound
from core.ids import mask_id, mask_phone
from core.periods import age_on
from core.scope import FieldClass, Scope
from households import codes
from households.models import Household, Membership
from households.secrets import reveal, reveal_amount

PAGE = 50
COUNT_CAP = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """A page by household code. `before`/`after` are the codes to go on from, '' at an end; count is capped at COUNT_CAP."""

    rows: list[Household]
    before: str
    after: str
    count: int

    @property
    def count_text(self) -> str:
        return f"{COUNT_CAP:,} 户以上" if self.count > COUNT_CAP else f"{self.count:,} 户"


def page_of(queryset: QuerySet[Household], *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page of an already scoped and filtered queryset; the same cost at any depth."""
    queryset = queryset.order_by("code")
    count = queryset.order_by()[: COUNT_CAP + 1].count()
    if before:
        rows = list(queryset.filter(code__lt=before).order_by("-code").select_related("village", "township", "group")[: size + 1])
        more_before, rows = len(rows) > size, rows[:size][::-1]
        return Page(rows, rows[0].code if rows and more_before else "", rows[-1].code if rows else "", count)
    rows = list((queryset.filter(code__gt=after) if after else queryset).select_related("village", "township", "group")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, rows[0].code if rows and after else "", rows[-1].code if rows and more else "", count)


def cursor_of(text: str | None) -> str:
    """A household code from the address to go on from; anything else starts at the beginning."""
    return text if text and text.isascii() and text.isdecimal() else ""


def base_document(household: Household, version: int) -> dict[str, object]:
    """The household's own facts at the version a form was opened with; {} where that version left none."""
    row = household.versions.filter(version=version).first()
    return json.loads(reveal(row, "facts")).get("household", {}) if row else {}


def results_of(rows: list[Household]) -> dict[int, tuple[int, str]]:
    """{household id: (points, tier code)} of the newest submitted form, in one query."""
    found = Household.objects.filter(pk__in=[row.pk for row in rows], surveys__status="submitted", surveys__score__isnull=False)
    found = found.order_by("surveys__round__reference_date")
    return {pk: (points, tier) for pk, points, tier in found.values_list("pk", "surveys__score__points", "surveys__score__tier")}


def visible_household(scope: Scope, code: str) -> Household:
    """The household, or NotFound when missing or out of the area: the two are alike (trust A6)."""
    rows = Household.objects.visible_to(scope).select_related("county", "township", "village", "group", "updated_by")
    household = rows.filter(code=code).first()
    if household is None:
        raise NotFound
    return household


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as the page shows it; `identity` is masked unless revealed, `health` is '' without the field class."""

    row: Membership
    name: str
    relation: str
    sex: str
    age: int | None
    education: str
    health: str
    skill: str
    work: str
    identity: str


def member_lines(scope: Scope, household: Household, identities: dict[str, str] | None = None) -> list[MemberLine]:
    """Living members, head first; `identities` are numbers that were just revealed."""
    today = timezone.localdate()
    sees_health = scope.may_see(FieldClass.HEALTH, household)
    rows = household.memberships.current().select_related("person").order_by("relation", "pk")
    return [_line(row, today, sees_health, identities or {}) for row in rows]


def _line(row: Membership, today: date, sees_health: bool, identities: dict[str, str]) -> MemberLine:
    person = row.person
    school = codes.SCHOOLING.label(row.schooling) if row.schooling not in ("", "01") else ""
    work = f"{codes.WORK_PLACE.label(row.work_place)} {row.work_months or 0} 个月" if row.work_place else ""
    number = identities.get(str(row.uuid), "") or (mask_id("0" * 18) if person.id_index else "未登记")
    return MemberLine(
        row=row,
        name=person.name,
        relation=codes.RELATION.label(row.relation),
        sex=person.get_sex_display(),
        age=age_on(person.birth, today) if person.birth else None,
        education=f"{school}在读" if school else codes.EDUCATION.label(row.education),
        health=codes.HEALTH.labels([code for code in row.health.split(",") if code]) if sees_health else "",
        skill=codes.SKILL.label(row.skill),
        work=work,
        identity=number,
    )


def fact_lines(scope: Scope, household: Household) -> list[tuple[str, list[tuple[str, str]]]]:
    """Facts in short sections: (title, [(label, value)]); amounts only with the field class."""
    row = household
    per_head = f"，人均 {row.area_m2 / row.persons:.1f} ㎡" if row.area_m2 is not None and row.persons else ""
    house = [
        ("房屋结构", codes.STRUCTURE.label(row.structure)),
        ("危房级别", codes.DANGER.label(row.danger_level)),
        ("危房户", _yes_no(row.dangerous_house)),
        ("住房面积", f"{row.area_m2.normalize():f} ㎡{per_head}" if row.area_m2 is not None else ""),
    ]
    water = [
        ("饮水安全", _yes_no(row.water_safe)),
        ("饮水困难", _yes_no(row.water_difficult)),
        ("自来水入户", _yes_no(row.tap_water)),
        ("生活用电", _yes_no(row.electricity)),
        ("入户路", codes.ROAD.label(row.road)),
    ]
    goods = [
        ("耕地", f"{row.cultivated_mu.normalize():f} 亩" if row.cultivated_mu is not None else ""),
        ("家用电器", codes.APPLIANCES.labels(row.appliances) or "无" if row.appliances is not None else ""),
        ("交通工具", codes.VEHICLE.label(row.vehicle)),
        ("生产机具", codes.MACHINES.label(row.machines)),
    ]
    sections = [("房", house), ("水电路", water), ("地与资产", goods)]
    if scope.may_see(FieldClass.FINANCE, household):
        amounts = (("家庭存款", "savings"), ("非生产性负债", "debt"), ("教育负债", "education_debt"))
        income = ("人均纯收入", _yuan(row.net_income_per_head))
        sections.append(("收入与存款", [income, *((label, _yuan(reveal_amount(row, name))) for label, name in amounts)]))
    return sections


def phone_shown(scope: Scope, household: Household) -> str:
    """The phone, masked; '' without one. Whoever may see it opens it with a purpose."""
    return mask_phone(reveal(household, "phone")) if household.phone_enc and scope.may_see(FieldClass.CONTACT, household) else ""


def _yes_no(value: bool | None) -> str:
    return {True: "是", False: "否"}.get(value, "")


def _yuan(value) -> str:
    return "" if value is None else f"{value:,.0f} 元"
