"""What an import would change in a household, item by item, in words: what the first stage shows and what is kept sealed for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core.field_classes import FieldClass
from households.codes import ETHNICITY, RELATION
from households.fields import HOUSEHOLD, INCOME, MEMBER, Field, Kind, said
from households.importing.compare import Difference, ethnicity_of, same_secret
from households.importing.model import RosterMember
from households.models import Membership

Change = dict[str, str]
"""{"who", "label", "before", "after", "seen_by"}: `who` is "" for the household itself; sealed items have no values, `seen_by` is the field
class that opens the others ("" = whoever sees the household)."""
_OWN = {"net_income_per_head": Field("net_income_per_head", "人均纯收入", Kind.NUMBER, unit="元")}
_OF_MEMBER = {"relation": Field("relation", "与户主关系", Kind.CHOICE, RELATION)}
SEALED = "已变更"


def changes_of(difference: Difference, phones: Mapping[int, str]) -> list[Change]:
    """Field by field for a household that is stored; a new one has no before."""
    if difference.stored is None:
        return []
    return [*_household(difference), *_incomes(difference), *_members(difference, phones)]


def people_of(difference: Difference) -> dict[str, list[str]]:
    """Names of those who join and leave."""
    return {
        "joining": [f"{member.name}（{RELATION.label(member.relation)}）" for member in difference.joining],
        "leaving": [row.person.name for row in difference.leaving],
    }


def _change(who: str, field: Field, before: object, after: object) -> Change:
    return {"who": who, "label": field.label, "before": said(field, before), "after": said(field, after), "seen_by": field.seen_by.value if field.seen_by else ""}


def _plain(who: str, label: str, before: str, after: str, seen_by: str = "") -> Change:
    return {"who": who, "label": label, "before": before, "after": after, "seen_by": seen_by}


def _household(difference: Difference) -> Iterator[Change]:
    row, roster = difference.stored.row, difference.roster
    for name, value in difference.values.items():
        if getattr(row, name) != value:
            yield _change("", _OWN.get(name) or HOUSEHOLD.named[name], getattr(row, name), value)
    if row.group_id != difference.group_id:
        names = dict(difference.village.groups.values())
        before, after = (names.get(pk, "其他组") if pk else "未分组" for pk in (row.group_id, difference.group_id))
        yield _plain("", "自然村（组）", before, after)
    hidden = [name for name in ("phone",) if roster.phone and roster.phone != difference.stored.phone]
    for name in (*hidden, *difference.secrets):
        yield _plain("", HOUSEHOLD.named[name].label, "", SEALED)


def _incomes(difference: Difference) -> Iterator[Change]:
    for change in difference.incomes:
        for name, value in change.said.parts.items():
            before = getattr(change.stored, name, None)
            if before != value:
                yield _change("", INCOME.named[name], before, value) | {"who": f"{change.said.year}年度收支"}


def _members(difference: Difference, phones: Mapping[int, str]) -> Iterator[Change]:
    for row, member in difference.altered:
        yield from _member(row, member, phones)


def _member(row: Membership, member: RosterMember, phones: Mapping[int, str]) -> Iterator[Change]:
    who, person = member.name, row.person
    for name, value in member.facts.items():
        if getattr(row, name) != value:
            yield _change(who, _OF_MEMBER.get(name) or MEMBER.named[name], getattr(row, name), value)
    ethnicity = ethnicity_of(member, person)
    pairs = (("人编号", row.code, member.code), ("姓名", person.name, member.name), ("民族", ETHNICITY.label(person.ethnicity), ETHNICITY.label(ethnicity)))
    yield from (_plain(who, label, before, after) for label, before, after in pairs if before != after)
    hidden = ["phone"] if member.phone and member.phone != phones.get(row.pk, "") else []
    for name in (*hidden, *(one for one, value in member.secrets.items() if not same_secret(row, one, value))):
        yield _plain(who, MEMBER.named[name].label, "", SEALED)


def seen(changes: Iterable[Change], classes: Iterable[FieldClass]) -> list[Change]:
    """For a reader with these field classes: values of the others give way to the word that they change."""
    open_ = {"", *(one.value for one in classes)}
    return [one if one["seen_by"] in open_ else one | {"before": "", "after": SEALED} for one in changes]
