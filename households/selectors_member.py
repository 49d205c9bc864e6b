"""One member as a page shows it, and the members of a household now and before."""

from uuid import UUID

from django.utils import timezone

from core.errors import NotFound
from core.ids import mask_id, mask_phone
from core.periods import age_on
from core.scope import FieldClass, Scope
from households import codes
from households.fields import MEMBER, Field, said
from households.models import Household, Membership
from households.secrets import reveal
from households.selectors import visible_fields


def people_of(household: Household) -> list[Membership]:
    """The living members, head first."""
    return list(household.memberships.current().select_related("person").order_by("relation", "pk"))


def past_of(household: Household) -> list[tuple[Membership, str]]:
    """历史成员 with the reason of leaving, the last one first."""
    rows = household.memberships.filter(until__isnull=False).select_related("person").order_by("-until", "-pk")
    return [(row, reason_left(row)) for row in rows]


def membership_of(household: Household, uuid: UUID) -> Membership:
    """A membership of this household, living or ended; NotFound otherwise."""
    row = household.memberships.select_related("person", "township").filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    return row


def member_sections(scope: Scope, household: Household, row: Membership) -> list[tuple[str, list[tuple[str, str]]]]:
    """(title, [(label, value)]) for those who read; a value that needs a field class the caller lacks is left out."""
    sees = visible_fields(scope, household)
    parts = [(section.title, [(one.label, _value(row, one)) for one in section.fields if sees(one)]) for section in MEMBER.sections]
    return [("本人", _own_lines(scope, household, row)), *parts]


def _own_lines(scope: Scope, household: Household, row: Membership) -> list[tuple[str, str]]:
    person = row.person
    sees_birth = scope.may_see(FieldClass.IDENTITY, household)
    born = f"{person.birth.year}年{person.birth.month}月{person.birth.day}日" if person.birth and sees_birth else ""
    age = f"{age_on(person.birth, timezone.localdate())} 岁" if person.birth else ""
    lines = [
        ("与户主关系", codes.RELATION.items.get(row.relation, "")),
        ("证件类型", codes.ID_KIND.items.get(person.id_kind, "")),
        ("证件号码", mask_id(person.id_index) or "未登记"),
        ("性别", person.get_sex_display()),
        ("出生日期", born),
        ("年龄", age),
        ("民族", codes.ETHNICITY.items.get(person.ethnicity, "")),
    ]
    return lines if sees_birth else [line for line in lines if line[0] != "出生日期"]


def _value(row: Membership, field: Field) -> str:
    """In words; of sealed ones what a mask leaves."""
    if not field.sealed:
        return said(field, getattr(row, field.name))
    token = getattr(row, f"{field.name}_enc")
    if field.seen_by is FieldClass.CONTACT:
        return mask_phone(reveal(row, field.name)) if token else ""
    return mask_id(token)


def reason_left(row: Membership) -> str:
    return codes.LEAVING.items.get(row.leaving_reason, "")
