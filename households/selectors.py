"""Reads of households for pages: results beside a list, and one household's file with masks by field class."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone

from core.errors import NotFound
from core.ids import mask_id, mask_phone
from core.periods import age_on
from core.scope import FieldClass, Scope
from households import codes
from households.fields import Field
from households.models import Household, Membership, Person
from households.secrets import reveal
from villages.models import Village


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


def phone_shown(scope: Scope, household: Household) -> str:
    """The phone, masked; '' without one. Whoever may see it opens it with a purpose."""
    return mask_phone(reveal(household, "phone")) if household.phone_enc and scope.may_see(FieldClass.CONTACT, household) else ""


def visible_fields(scope: Scope, household: Household) -> Callable[[Field], bool]:
    """Whether the caller may see a declared field of this household."""
    return lambda field: field.seen_by is None or scope.may_see(field.seen_by, household)


def common_ethnicity(village: Village) -> str:
    """The people most residents on file belong to; 汉族 where nobody is on file."""
    people = Person.objects.filter(memberships__village=village, memberships__until__isnull=True).exclude(ethnicity="")
    found = people.values_list("ethnicity").annotate(n=Count("pk")).order_by("-n", "ethnicity").first()
    return found[0] if found else codes.ETHNICITY.code_of("汉族")
