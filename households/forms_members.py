"""Members as rows of a form: the essentials of everybody on one page. The rest of a member is on the member's own page."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.utils import timezone

from core.ids import normalise_id
from core.periods import age_on
from core.web.fields import DayField, NameField
from households import codes
from households.entries import HEAD, MemberEntry
from households.fields import MEMBER
from households.forms_fields import CodeField, field_of, initial_of
from households.models import Membership, Sex
from households.selectors import common_ethnicity
from villages.models import Village

FACT_FIELDS = ("education", "schooling", "health", "skill", "work_place", "work_months")
OWN_FIELDS = ("name", "relation", "uuid", "identity", "birth", "sex", "ethnicity", "leaving_reason", "left_on")
MOST = 30
ROWS_AT_FIRST = 4
LAST_SCHOOL_AGE, FIRST_WORKING_AGE = 35, 14
CHOSEN_BY_HAND = [item for item in codes.LEAVING.choices if item[0] not in codes.BY_ACTION_ONLY]
TEXT_ID = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "maxlength": "30"})


class NewMemberForm(forms.Form):
    """Name, relation and number are enough; birth and sex come from the number."""

    uuid = forms.CharField(required=False, widget=forms.HiddenInput)
    name = NameField(label="姓名")
    relation = forms.ChoiceField(label="与户主关系", choices=[("", "请选择"), *codes.RELATION.choices])
    identity = forms.CharField(label="证件号码", required=False, max_length=60, widget=TEXT_ID)
    sex = forms.ChoiceField(label="性别", choices=[("", "由证件带出"), *Sex.choices], required=False)
    birth = DayField(label="出生日期", required=False, future=False)
    ethnicity = CodeField(codes.ETHNICITY, "ethnicities", label="民族", required=False)

    def clean_identity(self) -> str:
        return normalise_id(self.cleaned_data["identity"])

    @property
    def entry(self) -> MemberEntry:
        data = self.cleaned_data
        facts = {name: data[name] for name in FACT_FIELDS if name in data}
        return MemberEntry(facts=facts, **{name: data[name] for name in OWN_FIELDS if name in data})


class MemberForm(NewMemberForm):
    """A member on file. What the age rules out is not asked, and so stays as it is."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: field_of(MEMBER.named[name]) for name in FACT_FIELDS}
        if not self.initial.get("uuid"):
            return
        self.fields["leaving_reason"] = forms.ChoiceField(label="离户", choices=[("", "仍在本户"), *CHOSEN_BY_HAND], required=False)
        self.fields["left_on"] = DayField(label="离户日期", required=False, future=False)
        for name in _not_of_age(self.initial, timezone.localdate()):
            del self.fields[name]
        self.order_fields(("uuid", "name", "relation", *FACT_FIELDS))  # what registering did not ask comes first

    def clean_health(self) -> str:
        chosen = self.cleaned_data["health"]
        if "01" in chosen and chosen != "01":
            raise forms.ValidationError("选了“健康”就不能再选其他。")
        return chosen


def _not_of_age(stored: dict[str, object], today: date) -> tuple[str, ...]:
    """Fields nobody of that age has; one that is filled stays on the page."""
    if not isinstance(stored.get("birth"), date):
        return ()
    age = age_on(stored["birth"], today)
    unlikely = ("schooling",) if age > LAST_SCHOOL_AGE else ("skill", "work_place", "work_months") if age < FIRST_WORKING_AGE else ()
    return tuple(name for name in unlikely if stored.get(name) in ("", None))


class BaseMemberFormSet(forms.BaseFormSet):
    """`starting(index)` is what row `index` was opened with; a row that was not touched and has no member behind it is left out."""

    default_error_messages = {
        "missing_management_form": "成员部分没有传上来，请刷新页面后重填。",
        "too_few_forms": "一户至少要有一名成员。",
        "too_many_forms": "成员最多 30 人。",
    }

    def __init__(self, *args, starting: Callable[[int], dict[str, object]], **kwargs) -> None:
        self.starting = starting
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, object]:
        return super().get_form_kwargs(index) | ({} if index is None else {"initial": self.starting(index)})

    def _construct_form(self, index: int, **kwargs):
        form = super()._construct_form(index, **kwargs)
        if form.initial.get("uuid"):
            form.empty_permitted = False  # an untouched member is still a member
        return form

    def clean(self) -> None:
        """At least one member. Django's own count takes members that nobody touched for empty rows."""
        if not any(form.has_changed() or form.initial.get("uuid") for form in self.forms):
            raise forms.ValidationError(self.error_messages["too_few_forms"], code="too_few_forms")

    @property
    def entries(self) -> tuple[MemberEntry, ...]:
        return tuple(form.entry for form in self.forms if form.cleaned_data)


def _formset(form: type[forms.Form]) -> type[BaseMemberFormSet]:
    return forms.formset_factory(form, BaseMemberFormSet, extra=0, min_num=1, max_num=MOST, absolute_max=MOST + 10)


MemberFormSet, NewMemberFormSet = _formset(MemberForm), _formset(NewMemberForm)


def member_initial(row: Membership) -> dict[str, object]:
    """A member without the number: it is changed by typing a new one, never shown here."""
    person = row.person
    values = {name: initial_of(MEMBER.named[name], getattr(row, name)) for name in FACT_FIELDS}
    own = {"uuid": str(row.uuid), "name": person.name, "relation": row.relation, "sex": person.sex, "birth": person.birth}
    return values | own | {"ethnicity": person.ethnicity}


def member_ledger_initial(document: dict[str, object]) -> dict[str, object]:
    """The same of an earlier version's document."""
    values = {name: initial_of(MEMBER.named[name], document[name]) for name in FACT_FIELDS if name in document}
    own = {name: document[name] for name in ("name", "relation", "sex", "ethnicity") if name in document}
    return values | own | {"birth": date.fromisoformat(document["birth"]) if document.get("birth") else None}


def first_rows(village: Village) -> Callable[[int], dict[str, object]]:
    """What the rows of a new household begin with: the head first, everybody of the people most of the village is of."""
    common = common_ethnicity(village)
    return lambda index: {"ethnicity": common} | ({"relation": HEAD} if index == 0 else {})
