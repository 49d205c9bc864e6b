"""Forms of 抽查 and 算账. They read what was typed; the actions decide."""

from collections.abc import Mapping, Sequence

from django import forms

from assessment.answers import chosen
from assessment.models import Survey
from assessment.rechecks import OUTCOMES
from assessment.rubric import Look
from core.web.fields import NumberField
from households.fields import INCOME
from households.forms_income import IncomeForm

ANSWER = "changes-"
LONGEST_NOTE, MOST_DRAWN = 400, 500
KEY = {"widget": forms.HiddenInput, "required": False, "max_length": 64}


class DrawForm(forms.Form):
    """How many; why, where something was drawn already."""

    key = forms.CharField(**KEY)
    size = NumberField(label="抽几户", lowest=1, highest=MOST_DRAWN, required=False)
    reason = forms.CharField(label="再抽的理由", max_length=200, required=False)

    def __init__(self, *args, further: bool, lowest: int, highest: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["size"].help_text = f"{lowest} 至 {highest} 户"
        if not further:
            del self.fields["reason"]


class RecheckForm(forms.Form):
    """One re-visit: who, when, what; a select for each answer of the form, left alone where it is right."""

    key = forms.CharField(**KEY)
    outcome = forms.ChoiceField(label="复核结果", choices=OUTCOMES, widget=forms.RadioSelect, error_messages={"required": "请选择复核结果。"})
    visited_on = forms.DateField(
        label="入户日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期须为真实的日期，如 2016-08-11。"},
    )  # fmt: skip
    visitors = forms.MultipleChoiceField(label="复核人（至少 2 名）", required=False, widget=forms.CheckboxSelectMultiple)
    typed = forms.CharField(label="复核人（至少 2 名）", required=False, max_length=200, help_text="用顿号隔开，如：田一、向二。")
    income_lines = forms.MultipleChoiceField(label="有出入的收入项", required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_NOTE}), help_text="现场看到的、和谁核对的。加密保存。",
    )  # fmt: skip

    def __init__(self, *args, panel: Sequence[str], named: bool, survey: Survey | None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visitors"].choices = [(name, name) for name in panel]
        del self.fields["typed" if named else "visitors"]
        self.fields["income_lines"].choices = [(name, field.label) for name, field in INCOME.named.items()]
        self._looks: list[tuple[Look, list[str]]] = []
        if survey is not None:
            self._ask(survey)

    def _ask(self, survey: Survey) -> None:
        rubric = survey.score.rubric.value
        now = chosen(rubric, survey.answers)
        for look in rubric.looks:
            self._looks.append((look, [ANSWER + item.code for item in look.indicators]))
            for item in look.indicators:
                known = now[item.code]
                same = [("", f"一致：{known.label if known else '没有答'}")]
                others = [(option.code, f"应为：{option.label}") for option in item.options if option != known]
                self.fields[ANSWER + item.code] = forms.ChoiceField(
                    label=item.name, choices=same + others, required=False, error_messages={"invalid_choice": "没有这个选项，请重新选择。"},
                )  # fmt: skip

    @property
    def looks(self) -> list[tuple[Look, list[forms.BoundField]]]:
        return [(look, [self[name] for name in names]) for look, names in self._looks]

    @property
    def changed(self) -> dict[str, str]:
        return {name.removeprefix(ANSWER): value for name, value in self.cleaned_data.items() if name.startswith(ANSWER) and value}

    @property
    def names(self) -> list[str]:
        if "visitors" in self.cleaned_data:
            return list(self.cleaned_data["visitors"])
        return [name.strip() for name in self.cleaned_data.get("typed", "").replace("，", "、").replace(",", "、").split("、") if name.strip()]


class IncomeCheckForm(IncomeForm):
    """The income sheet's own form with a note; what stands beside the net income is not asked."""

    def __init__(self, *args, years: Sequence[int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"] = forms.TypedChoiceField(label="收入年度", choices=[(year, f"{year} 年度") for year in years], coerce=int)
        self.fields["note"] = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_NOTE}), help_text="怎么算的、和谁核对的。加密保存。")
        self.fields["key"] = forms.CharField(**KEY)
        for group in [one for one in super().groups if one["beside"]]:
            for bound in group["fields"]:
                del self.fields[bound.name]

    @property
    def groups(self) -> list[dict[str, object]]:
        return [
            {"code": one.code, "title": one.title, "fields": [self[field.name] for field in one.fields], "beside": False}
            for one in INCOME.sections if all(field.name in self.fields for field in one.fields)
        ]  # fmt: skip

    @property
    def amounts(self) -> Mapping[str, object]:
        return {name: self.cleaned_data[name] for name in INCOME.named if name in self.fields}
