"""The state of a page that edits a household: one section's forms bound or fresh, faults of the actions put back on them, and the conflict
with another's save."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.forms import BaseForm
from django.http import HttpRequest, QueryDict

from core.errors import BadInput
from core.web.drafts import unchecked
from households.conflict import Both, both_sides, taking_theirs
from households.entries import HouseholdEntry
from households.fields import HOUSEHOLD
from households.forms import HOME, NewHouseholdForm, SectionForm, household_initial, ledger_initial
from households.forms_members import (
    FACT_FIELDS,
    MOST,
    ROWS_AT_FIRST,
    BaseMemberFormSet,
    MemberFormSet,
    NewMemberFormSet,
    first_rows,
    member_initial,
    member_ledger_initial,
)
from households.models import Household
from households.selectors import visible_fields
from villages.models import Village

MEMBERS = PREFIX = "members"
SECTIONS = (MEMBERS, *(section.code for section in HOUSEHOLD.sections))


@dataclass
class Editing:
    """`form` is the section's own, `members` the rows of people: either may be missing. `general` are faults that belong to no box."""

    section: str
    form: SectionForm | NewHouseholdForm | None = None
    members: BaseMemberFormSet | None = None
    general: list[str] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        answers = [part.is_valid() for part in (self.form, self.members) if part is not None]  # each is asked, so that all faults show
        return all(answers)

    @property
    def changed(self) -> bool:
        return any(part.has_changed() for part in (self.form, self.members) if part is not None)

    @property
    def entry(self) -> HouseholdEntry:
        """What was typed, for the actions; parts that are not on the page stay as they are."""
        members = None if self.members is None else self.members.entries
        if self.form is None:
            return HouseholdEntry(None, {}, members)
        return HouseholdEntry(self.form.group_code, self.form.facts, members, self.form.secrets)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(id of the box, "label：reason") of every fault on the page, in its order."""
        found = [("", reason) for reason in self.general]
        for label, form in self._forms():
            for name, reasons in form.errors.items():
                bound = form[name] if name in form.fields else None
                found += [(bound.id_for_label or bound.auto_id, f"{label}{bound.label}：{reason}") if bound else ("", reason) for reason in reasons]
        return found + ([("", reason) for reason in self.members.non_form_errors()] if self.members is not None else [])

    def _forms(self) -> list[tuple[str, BaseForm]]:
        """In the page's order: people first."""
        rows = self.members.forms if self.members is not None else []
        return [(f"第 {number} 名成员 ", form) for number, form in enumerate(rows, start=1)] + [("", self.form)] * (self.form is not None)

    def put_back(self, error: BadInput) -> None:
        """Faults found by the action, each at its box; nothing typed is lost."""
        for name, reasons in error.fields.items():
            form, box = self._target(name)
            for reason in reasons:
                if form is not None and box in form.fields:
                    form.add_error(box, reason)
                else:
                    self.general.append(reason)
        if not error.fields:
            self.general.append(error.message)

    def _target(self, name: str) -> tuple[BaseForm | None, str]:
        prefix, _, rest = name.partition("-")
        number, _, box = rest.partition("-")
        if prefix != PREFIX or not number.isdecimal():
            return self.form, name
        rows = self._listed
        return (rows[int(number)], box) if int(number) < len(rows) else (None, box)

    @property
    def _listed(self) -> list[BaseForm]:
        """The rows that went into the entry, in its order: untouched empty ones did not."""
        return [form for form in self.members.forms if form.cleaned_data] if self.members is not None else []

    def focus(self) -> None:
        """The first empty box gets the cursor; of a member on file only what registering did not ask, the rest may well stay empty."""
        for _, form in self._forms():
            known = bool(form.initial.get("uuid"))
            boxes = (bound for bound in form.visible_fields() if bound.name in FACT_FIELDS or not known and bound.name != "group")
            empty = next((bound for bound in boxes if bound.value() in (None, "", [])), None)
            if empty is not None:
                empty.field.widget.attrs["autofocus"] = True
                return


def blank(village: Village, request: HttpRequest, draft: QueryDict | None = None) -> Editing:
    """Forms for a new household: a few empty rows, the head first; the group of the household registered before; or as a draft left them."""
    data = with_added_member(request.POST) if request.method == "POST" else draft
    groups = village.groups.filter(valid_to__isnull=True)
    members = NewMemberFormSet(data, prefix=PREFIX, starting=first_rows(village))
    members.extra = ROWS_AT_FIRST - members.min_num
    return _unsent(Editing("", NewHouseholdForm(data, groups=groups, initial={"group": request.GET.get("group", "")}), members), draft)


def _unsent(editing: Editing, draft: QueryDict | None) -> Editing:
    for part in (editing.form, editing.members) if draft is not None else ():
        if part is not None:
            unchecked(part)
    return editing


def opened(household: Household, request: HttpRequest, section: str, draft: QueryDict | None = None) -> Editing:
    """One section of a stored household; a POST or a draft keeps what was typed, with the other's values where the user chose them."""
    data = request.POST if request.method == "POST" else draft
    editing = _opened_members(household, data) if section == MEMBERS else _opened_section(household, request, section, data)
    return _unsent(editing, draft)


def _opened_section(household: Household, request: HttpRequest, code: str, data: QueryDict | None) -> Editing:
    sees = visible_fields(request.scope, household)
    net = code == HOME and sees(HOUSEHOLD.named["savings"]) and not household.income_years.exists()
    own = {"groups": household.village.groups.filter(valid_to__isnull=True), "sees": sees, "net": net}
    fresh = SectionForm(HOUSEHOLD.section(code), **own)
    initial = household_initial(household, fresh.fields)
    data = None if data is None else taking_theirs(data, fresh, initial)
    return Editing(code, SectionForm(HOUSEHOLD.section(code), data, initial=initial, **own))


def _opened_members(household: Household, data: QueryDict | None) -> Editing:
    stored = _members_now(household)
    if data is None:
        rows = list(stored.values())
        members = MemberFormSet(prefix=PREFIX, starting=lambda index: rows[index] if index < len(rows) else {})
        members.min_num, members.extra = 0, len(rows)
        return Editing(MEMBERS, members=members)
    data = with_added_member(data)
    members = _bound_members(data, stored)
    for form in members.forms:
        now = stored.get(data.get(f"{form.prefix}-uuid", ""), {})
        data = _taking_theirs_of(data, form, now)
    return Editing(MEMBERS, members=_bound_members(data, stored))


def _bound_members(data: QueryDict, stored: Mapping[str, dict[str, object]]) -> BaseMemberFormSet:
    return MemberFormSet(data, prefix=PREFIX, starting=lambda index: stored.get(data.get(f"{PREFIX}-{index}-uuid", ""), {}))


def _taking_theirs_of(data: QueryDict, form: BaseForm, now: Mapping[str, object]) -> QueryDict:
    chosen = [name for name in form.fields if data.get(f"keep-{form.prefix}-{name}") == "theirs" and name in now]
    if not chosen:
        return data
    data = data.copy()
    for name in chosen:
        value = now[name]
        data.setlist(form.add_prefix(name), [str(one) for one in value] if isinstance(value, list) else ["" if value is None else str(value)])
    return data


def _members_now(household: Household) -> dict[str, dict[str, object]]:
    rows = household.memberships.current().select_related("person").order_by("relation", "pk")
    return {str(row.uuid): member_initial(row) | {"code": row.code} for row in rows}


def clashes(editing: Editing, household: Household, base: dict[str, object]) -> list[Both]:
    """Boxes of the section where the other saved something else; `base` is the ledger's document of the version the form was opened with."""
    if editing.form is not None:
        names = editing.form.fields
        return both_sides(editing.form, household_initial(household, names), ledger_initial(household, base.get("household", {}), names))
    stored, found = _members_now(household), []
    then = {row["code"]: member_ledger_initial(row) for row in base.get("members", [])}
    for form in editing.members.forms:
        now = stored.get(form["uuid"].value() or "", {})
        both = both_sides(form, now, then.get(now.get("code", ""), {}))
        found += [Both(one.name, f"{now['name']} {one.label}", one.mine, one.theirs, one.untouched) for one in both]
    return found


def family_changes(editing: Editing, household: Household) -> list[str]:
    """Members whom the other added or took out: said in words, there is no field to choose."""
    if editing.members is None:
        return []
    listed = {form["uuid"].value() or "": form["name"].value() or "" for form in editing.members.forms}
    now = {uuid: row["name"] for uuid, row in _members_now(household).items()}
    added = [f"对方新增了成员{name}，会一并保留。" for uuid, name in now.items() if uuid not in listed]
    return added + [f"{name}已由对方办理离户，不再保存。" for uuid, name in listed.items() if uuid and uuid not in now]


def with_added_member(data: QueryDict) -> QueryDict:
    """The button 再加一名成员 without JavaScript: one more empty row, everything typed stays."""
    if "add_member" not in data:
        return data
    data = data.copy()
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    if total.isascii() and total.isdecimal() and len(total) <= len(str(MOST)):  # else the formset says what is missing
        data[f"{PREFIX}-TOTAL_FORMS"] = str(min(MOST, int(total) + 1))
    return data


