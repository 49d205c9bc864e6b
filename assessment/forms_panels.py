"""A panel as typed: its name and one row for each person. A row without a name is no row; so persons are taken off without a script."""

from collections.abc import Mapping, Sequence

from django import forms

from assessment.models import PanelKind
from core.scope import Scope
from villages.selectors import Places, Spot

LONGEST_NAME, LONGEST_PERSON = 64, 32
MOST, SPARE = 200, 3


class PanelForm(forms.Form):
    name = forms.CharField(label="名称", max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)


class PanelFilter(forms.Form):
    """Filters of the list; what is not understood is left out, so that an old address still opens."""

    CURRENT, RETIRED = "current", "retired"

    kind = forms.ChoiceField(label="种类")
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村", required=False)
    standing = forms.ChoiceField(label="在用与否", required=False, choices=[(CURRENT, "在用"), (RETIRED, "已停用")])

    def __init__(self, data: Mapping[str, str], scope: Scope, places: Places) -> None:
        super().__init__(data, auto_id="f-%s")
        above = any(grant.village_id is None for grant in scope.rows)  # a 清查组 is the township's: who works in a village has none
        self.fields["kind"].choices = [choice for choice in PanelKind.choices if above or choice[0] != PanelKind.INSPECTION]
        self.spots = {"township": places.townships, "village": places.villages}
        for name, spots in self.spots.items():
            self.fields[name].choices = [("", f"全部{self.fields[name].label}"), *((spot.code, spot.name) for spot in spots)]
        self.is_valid()

    @property
    def kind_chosen(self) -> str:
        return self.cleaned_data.get("kind") or self.fields["kind"].choices[0][0]

    @property
    def area(self) -> dict[str, Spot | None]:
        return {name: next((spot for spot in spots if spot.code == self.cleaned_data.get(name)), None) for name, spots in self.spots.items()}

    @property
    def only_retired(self) -> bool:
        return self.cleaned_data.get("standing") == self.RETIRED


class PersonForm(forms.Form):
    name = forms.CharField(
        label="姓名", required=False, max_length=LONGEST_PERSON, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    post = forms.CharField(
        label="身份或职务",
        required=False,
        max_length=LONGEST_PERSON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, str]:
        data = super().clean()
        if data.get("post") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", "填了职务的，请填姓名；去掉这个人，两格都清空。")
        return data


class BasePeople(forms.BaseFormSet):
    default_error_messages = {
        "missing_management_form": "成员没有传上来，请刷新页面后重填。",
        "too_many_forms": f"最多 {MOST} 人。",
    }

    def members(self) -> list[dict[str, str]]:
        """Rows with a name, in their order."""
        return [
            {"name": row["name"], "post": row["post"]}
            for row in (form.cleaned_data for form in self.forms)
            if row.get("name")
        ]


People = forms.formset_factory(PersonForm, BasePeople, extra=0, max_num=MOST, validate_max=True, absolute_max=MOST + 20)


def people_of(members: Sequence[Mapping[str, str]], least: int) -> BasePeople:
    """The rows that are there, then empty ones: up to the least that the rule wants, and some to spare."""
    rows = [{"name": member.get("name", ""), "post": member.get("post", "")} for member in members]
    spare = max(SPARE, least - len(rows))
    return People(initial=rows + [{"name": "", "post": ""}] * min(spare, MOST - len(rows)), prefix="people")


def more_people(posted: Mapping[str, str]) -> BasePeople:
    """What was typed, with more empty rows than were there."""
    typed = People(posted, prefix="people")
    rows = [{"name": form["name"].value() or "", "post": form["post"].value() or ""} for form in typed.forms]
    return people_of([row for row in rows if row["name"] or row["post"]], len(rows) + SPARE)
