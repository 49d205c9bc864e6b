"""The edit page's state: forms bound or fresh, errors of the actions put back on them, and the conflict with another's save."""

from dataclasses import dataclass

from django.forms import BaseFormSet, BoundField
from django.http import HttpRequest, QueryDict

from core.errors import BadInput
from households.forms import HouseholdForm, MemberFormSet, household_initial, member_initial
from households.models import Household
from villages.models import Village

PREFIX = "members"
MOST = 30
_UNKNOWN = object()


@dataclass
class Editing:
    form: HouseholdForm
    members: BaseFormSet

    @property
    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.members.is_valid()])

    def put_back(self, error: BadInput) -> None:
        """Faults found by the action, each at its field; nothing typed is lost."""
        for name, reasons in error.fields.items():
            target, field = self._target(name)
            for reason in reasons:
                target.add_error(field, reason)

    def _target(self, name: str):
        prefix, _, rest = name.partition("-")
        number, _, field = rest.partition("-")
        if prefix == PREFIX and number.isdecimal() and int(number) < len(self.members.forms):
            member = self.members.forms[int(number)]
            return member, field if field in member.fields else None
        return self.form, name if name in self.form.fields else None


def blank(village: Village, request: HttpRequest) -> Editing:
    """Forms for a new household; one empty member, the head."""
    data = request.POST or None
    if data is not None:
        data = _with_added_member(data)
    groups = village.groups.filter(valid_to__isnull=True)
    initial = [{"relation": "01"}]
    return Editing(HouseholdForm(data, groups=groups), MemberFormSet(data, prefix=PREFIX, initial=None if data else initial))


def opened(household: Household, request: HttpRequest) -> Editing:
    """Forms of a stored household; a POST keeps what was typed, with the other's values where the user chose them."""
    data = request.POST or None
    groups = household.village.groups.filter(valid_to__isnull=True)
    rows = household.memberships.current().select_related("person").order_by("relation", "pk")
    if data is None:
        members = MemberFormSet(prefix=PREFIX, initial=[member_initial(row) for row in rows])
        members.min_num = 0
        return Editing(HouseholdForm(initial=household_initial(household), groups=groups), members)
    data = _with_added_member(_taking_theirs(data, household))
    return Editing(HouseholdForm(data, groups=groups), MemberFormSet(data, prefix=PREFIX))


@dataclass(frozen=True)
class Clash:
    """One field that both changed: what the user typed, what stands now."""

    name: str
    label: str
    mine: str
    theirs: str
    untouched: bool = False
    """The user never changed it since opening the form: the other's value is the one offered."""


def clashes(editing: Editing, household: Household, base: dict[str, object] | None = None) -> list[Clash]:
    """Fields of the household and its members where the typed value differs from the stored one; `base` is what the form was opened with."""
    base = _as_initial(base or {}, household)
    fields = [(editing.form[name], value) for name, value in household_initial(household).items() if name in editing.form.fields]
    found = [_clash(bound, value, base=base.get(bound.name, _UNKNOWN)) for bound, value in fields]
    stored = {str(row.uuid): member_initial(row) for row in household.memberships.current().select_related("person")}
    for member in editing.members:
        row = stored.get(member["uuid"].value() or "", {})
        found += [_clash(member[name], value, who=row["name"]) for name, value in row.items() if name != "uuid"]
    return [clash for clash in found if clash is not None]


def family_changes(editing: Editing, household: Household) -> list[str]:
    """Members whom the other added or took out: said in words, there is no field to choose."""
    listed = {member["uuid"].value() or "": member["name"].value() or "" for member in editing.members}
    now = {str(row.uuid): row.person.name for row in household.memberships.current().select_related("person")}
    added = [f"对方新增了成员{name}，会一并保留。" for uuid, name in now.items() if uuid not in listed]
    return added + [f"{name}已由对方办理离户，不再保存。" for uuid, name in listed.items() if uuid and uuid not in now]


def _as_initial(base: dict[str, object], household: Household) -> dict[str, object]:
    """A stored version in the form's terms."""
    if not base:
        return {}
    values = {name: {True: "1", False: "0", None: ""}.get(value, value) if value is None or isinstance(value, bool) else value for name, value in base.items()}
    groups = dict(household.village.groups.values_list("pk", "code"))
    stored = base.get("appliances")
    return values | {"group": groups.get(base.get("group_id"), ""), "appliances": [] if stored is None else (stored or ["none"])}


def _clash(bound: BoundField, stored: object, who: str = "", base: object = _UNKNOWN) -> Clash | None:
    mine, theirs = _shown(bound, bound.value()), _shown(bound, stored)
    label = f"{who} {bound.label}".strip()
    untouched = base is not _UNKNOWN and mine == _shown(bound, base)
    return None if mine == theirs else Clash(bound.html_name, label, mine or "（空）", theirs or "（空）", untouched)


def _shown(bound: BoundField, value: object) -> str:
    choices = dict(getattr(bound.field, "choices", ()) or ())
    if isinstance(value, list | tuple):
        return "、".join(sorted(str(choices.get(item, item)) for item in value))
    if value is True or value == "on":
        return "是"
    if value is False or value is None or value == "":
        return ""
    key = int(value) if str(value).isdecimal() and int(value) in choices else str(value)
    text = str(choices.get(key, value)) if choices else str(value)
    return text.rstrip("0").rstrip(".") if "." in text and text.replace(".", "").isdecimal() else text


def _with_added_member(data: QueryDict) -> QueryDict:
    """The button 再加一名成员 without JavaScript: one more empty row, everything typed stays."""
    if "add_member" not in data:
        return data
    data = data.copy()
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    if total.isdecimal() and len(total) <= len(str(MOST)):  # else the formset says what is missing
        data[f"{PREFIX}-TOTAL_FORMS"] = str(min(MOST, int(total) + 1))
    return data


def _taking_theirs(data: QueryDict, household: Household) -> QueryDict:
    """Where the user chose the other's value on the conflict page, the stored one takes the typed one's place."""
    chosen = {key.removeprefix("keep-") for key, value in data.items() if key.startswith("keep-") and value == "theirs"}
    if not chosen:
        return data
    data = data.copy()
    stored = household_initial(household)
    rows = {str(row.uuid): member_initial(row) for row in household.memberships.current().select_related("person")}
    for name in chosen:
        prefix, _, field = name.rpartition("-")
        source = stored if not prefix else rows.get(data.get(f"{prefix}-uuid", ""), {})
        if field in source:
            value = source[field]
            data.setlist(name, [str(item) for item in value] if isinstance(value, list) else ["" if value in (None, False) else str(value)])
    return data
