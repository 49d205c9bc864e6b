"""修改成员: one member with all national fields, as part of the household."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from core.actions import Origin, acting
from core.errors import BadInput, NotFound
from core.ids import normalise_id
from core.scope import Scope
from households import codes
from households.actions.members import save_rows, set_identity
from households.actions.opening import changed_by, household_to_change
from households.actions.steps import finish
from households.entries import HEAD
from households.fields import MEMBER
from households.fields.model import Field, Kind
from households.models import Household, Membership
from households.names import initials
from households.person import (
    CARD_LENGTHS,
    DISABILITY_CARD,
    ID_CARD,
    Card,
    OnFile,
    Papers,
    PersonEntry,
    read_card,
    read_papers,
    relation_fault,
)
from households.secrets import id_index, reveal, seal

MASKED = "***"
OWN = {"name": "姓名", "id_kind": "证件类型", "birth": "出生日期", "sex": "性别", "ethnicity": "民族"}
CARD = "disability_number"
_TOLD = (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.NUMBER, Kind.YEAR)


def update_member(
    *, scope: Scope, code: str, member: UUID, version: int, entry: PersonEntry, origin: Origin | None = None
) -> tuple[str, ...]:
    """Save a living member; answers the doubts to be told (a card against its kind or grade). `version` is the household's, as opened.

    Facts not given are left as they are. Raises NotFound, Denied, WrongState, StaleVersion, BadInput (fields; `offer` among them when a
    number of 15 digits can be turned into one of 18).
    """
    today = timezone.localdate()
    with acting(scope, "member.update", origin) as act:
        household = household_to_change(scope, code, version)
        row = household.memberships.current().select_related("person", "township").filter(uuid=member).first()
        if row is None:
            raise NotFound
        on_file = OnFile(reveal(row.person, "id"), row.person.birth, row.person.sex)
        papers = read_papers(entry, on_file, today)
        entry, card = _with_card(entry, row, papers.number or on_file.number, today)
        _refuse_faults(household, row, entry, papers, card)
        before = state_of(row)
        _write(row, entry, papers, card)
        if row.relation == HEAD:
            household.head_name, household.head_pinyin = row.person.name, row.person.pinyin
        changed_by(household, scope, "head_name", "head_pinyin")
        finish(act, household, members=[row.code], changed=told(before, state_of(row)))
    return card.doubts


def _with_card(entry: PersonEntry, row: Membership, identity: str, today: date) -> tuple[PersonEntry, Card]:
    """The disability card, typed in its own field or as the person's paper, fills kind and grade."""
    as_paper = entry.id_kind == DISABILITY_CARD and len(normalise_id(entry.identity)) in CARD_LENGTHS
    typed = entry.secrets.get(CARD) or (entry.identity if as_paper else "")
    kind, grade = (entry.facts.get(name, getattr(row, name)) for name in ("disability_kind", "disability_grade"))
    if not typed:
        return entry, Card(kind=kind, grade=grade)
    card = read_card(typed, identity=identity, kind=kind, grade=grade, today=today)
    return replace(entry, facts={**entry.facts, "disability_kind": card.kind, "disability_grade": card.grade}), card


def _refuse_faults(household: Household, row: Membership, entry: PersonEntry, papers: Papers, card: Card) -> None:
    faults = {name: list(reasons) for name, reasons in papers.faults.items() if reasons}
    if card.faults:
        faults[CARD] = list(card.faults)
    others = tuple(household.memberships.current().exclude(pk=row.pk).values_list("relation", flat=True))
    said = relation_fault(row.relation, entry.relation, others, papers.sex or entry.sex, codes.RELATION_SEX)
    if said or entry.relation not in codes.RELATION.items:
        faults["relation"] = [said or "请选与户主关系。"]
    if not set(entry.facts) <= set(MEMBER.plain) or not set(entry.secrets) <= set(MEMBER.sealed):
        raise BadInput("成员资料里没有这一项。请刷新页面后重填。")
    if papers.offered:
        faults["offer"] = ["15 位旧号码可以换算成 18 位，与本人核对后勾选确认。"]
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)


def _write(row: Membership, entry: PersonEntry, papers: Papers, card: Card) -> None:
    person = row.person
    person.name, person.pinyin = entry.name, initials(entry.name)
    person.id_kind = entry.id_kind or (ID_CARD if papers.number else "")
    person.ethnicity = entry.ethnicity
    person.birth, person.sex = papers.birth, papers.sex
    if papers.number and id_index(papers.number) != person.id_index:
        set_identity(person, papers.number, row.township.code)
    row.relation = entry.relation
    for name, value in entry.facts.items():
        setattr(row, name, value)
    for name, value in {**entry.secrets, **({CARD: card.number} if card.number else {})}.items():
        if value is not None:
            seal(row, name, value)
    save_rows("", person, row)


def state_of(row: Membership) -> dict[str, object]:
    """The member before or after, for the trail: sealed values opened only to be compared."""
    state = {OWN[name]: getattr(row.person, name) for name in OWN} | {"证件号码": row.person.id_index, "与户主关系": row.relation}
    facts = {one.label: getattr(row, name) for name, one in MEMBER.named.items() if not one.sealed}
    return state | facts | {MEMBER.named[name].label: reveal(row, name) for name in MEMBER.sealed}


def told(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """{label: [before, after]} of what changed. Persons, numbers, free text and what needs a field class are masked."""
    fields = {one.label: one for one in MEMBER.named.values()}
    changed = {}
    for label, value in after.items():
        if before[label] != value:
            one = fields.get(label)
            open_to_all = one is not None and one.kind in _TOLD and not one.sealed and one.seen_by is None
            changed[label] = [_word(one, before[label]), _word(one, value)] if open_to_all else MASKED
    return changed


def _word(field: Field, value: object) -> str:
    if value in (None, ""):
        return "未填"
    if isinstance(value, bool):
        return "是" if value else "否"
    return field.codes.items.get(str(value), str(value)) if field.codes else str(value)
