"""The household's own forms: one short form a section, built from the declarations. They never write; their parts go to the actions."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from django import forms

from core.web.fields import NumberField, PhoneField
from households.entries import FACTS, SECRET_FACTS
from households.fields import HOUSEHOLD, Field, Section
from households.forms_fields import field_of, initial_of
from households.models import Household
from households.secrets import reveal
from villages.models import VillagerGroup

HOME, NET = "home", "net_income_per_head"
LEAST_NET, MOST_NET = -100_000, 1_000_000

Sees = Callable[[Field], bool]


def _group_field(groups: Iterable[VillagerGroup]) -> forms.ChoiceField:
    return forms.ChoiceField(label="村民小组", required=False, choices=[("", "未分组"), *((group.code, group.name) for group in groups)])


class SectionForm(forms.Form):
    """The fields of one section that the caller `sees`. 户 also asks the group, and the net income where no income sheet reckons it."""

    def __init__(self, section: Section, *args, groups: Iterable[VillagerGroup] = (), sees: Sees, net: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if section.code == HOME:
            self.fields["group"] = _group_field(groups)
        self.fields |= {one.name: field_of(one, taps=True) for one in section.fields if sees(one)}
        if net:
            self.fields[NET] = NumberField(
                label="人均纯收入（元）", required=False, lowest=LEAST_NET, highest=MOST_NET, help_text="填了收支表的，由收支表算出，不在这里填。"
            )

    @property
    def group_code(self) -> str | None:
        return self.cleaned_data.get("group")

    @property
    def facts(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if name in FACTS}

    @property
    def secrets(self) -> dict[str, str]:
        return {name: _text(value) for name, value in self.cleaned_data.items() if name in SECRET_FACTS}


class NewHouseholdForm(forms.Form):
    """What registering asks of the household itself; the sections follow."""

    group = forms.ChoiceField(label="村民小组", required=False)
    phone = PhoneField(label="联系电话", required=False, help_text="11 位手机号，能找到这一户的人。")

    def __init__(self, *args, groups: Iterable[VillagerGroup] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"] = _group_field(groups)

    @property
    def group_code(self) -> str:
        return self.cleaned_data["group"]

    @property
    def facts(self) -> dict[str, object]:
        return {}

    @property
    def secrets(self) -> dict[str, str]:
        return {"phone": self.cleaned_data["phone"]}


def household_initial(household: Household, names: Iterable[str]) -> dict[str, object]:
    """What the boxes `names` show of the stored household; sealed ones are opened (the caller asked `sees`)."""
    stored = {name: reveal(household, name) if name in SECRET_FACTS else getattr(household, name) for name in names if name != "group"}
    return _boxes(stored) | {"group": household.group.code if household.group_id else ""}


def ledger_initial(household: Household, document: dict[str, object], names: Iterable[str]) -> dict[str, object]:
    """The same of an earlier version's document; {} where the ledger has none."""
    if not document:
        return {}
    groups = dict(household.village.groups.values_list("pk", "code"))
    stored = {name: document[name] for name in names if name in document}
    return _boxes(stored) | {"group": groups.get(document.get("group_id"), "")}


def _boxes(stored: dict[str, object]) -> dict[str, object]:
    return {name: initial_of(HOUSEHOLD.named[name], value) if name in HOUSEHOLD.named else value for name, value in stored.items()}


def _text(value: Decimal | str | None) -> str:
    return "" if value is None else str(value)
