"""The county's form of a 识别批次. It checks shape; the action decides."""

from django import forms

from assessment.income_checks import DEPARTURE
from assessment.models import Round, RoundScope, RubricVersion
from assessment.procedures import PROCEDURES, Procedure
from assessment.sampling import LEAST, MOST_DRAWN, MOST_PERCENT, PERCENT
from assessment.selectors_rounds import deadline_of

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_PREFIX = "deadline_"
INSPECTION = {"sample_percent": PERCENT, "sample_least": LEAST, "income_departure": DEPARTURE}
FIXED = ("year", "reference_date", "survey_scope", "rubric_code", "procedure")


class RoundForm(forms.Form):
    code = forms.CharField(label="批次号", max_length=24, help_text="如 2016-SB，只含字母、数字和横线，建立后不再改。")
    name = forms.CharField(label="名称", max_length=64, help_text="如 2016年贫困户识别。")
    year = forms.IntegerField(label="年度", min_value=2010, max_value=2100)
    reference_date = forms.DateField(label="基准日", widget=_DATE, help_text="年龄和户籍人口按这一天算。")
    survey_scope = forms.ChoiceField(label="评估范围", choices=RoundScope.choices)
    rubric_code = forms.ChoiceField(label="评估表")
    procedure = forms.ChoiceField(label="程序", choices=[(code, row.name) for code, row in PROCEDURES.items()])
    survey_deadline = forms.DateField(label="六看评估截止", widget=_DATE, required=False)
    notice_days = forms.IntegerField(
        label="公示天数",
        min_value=0,
        max_value=60,
        required=False,
        help_text="不填就按程序的天数；只能更长，不能更短。",
    )
    sample_percent = forms.IntegerField(
        label="随机抽查比例（%）", min_value=1, max_value=MOST_PERCENT, initial=PERCENT, required=False, help_text="乡镇审核时每村至少抽名单的这么多。",
    )  # fmt: skip
    sample_least = forms.IntegerField(
        label="随机抽查最少户数", min_value=1, max_value=MOST_DRAWN, initial=LEAST, required=False, help_text="名单不到这么多户的，全部复核。",
    )  # fmt: skip
    income_departure = forms.IntegerField(
        label="算账允许相差（%）", min_value=0, max_value=MOST_PERCENT, initial=DEPARTURE, required=False, help_text="清查组算的与户里报的相差超过它，审核时提示。",
    )  # fmt: skip

    def __init__(self, *args, round_: Round | None = None, rubrics: list[RubricVersion], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.round = round_
        self.fields["rubric_code"].choices = [(row.code, f"{row.code} {row.name}") for row in rubrics]
        if round_ is not None:
            del self.fields["code"]
        for stage in self.chosen.stages:
            self.fields[_PREFIX + stage.code] = forms.DateField(label=f"{stage.name}截止", widget=_DATE, required=False)

    @property
    def chosen(self) -> Procedure:
        """The procedure whose stages have a field: the posted one, else the round's, else the first."""
        wanted = self.data.get("procedure") or self.initial.get("procedure")
        return PROCEDURES.get(wanted) or next(iter(PROCEDURES.values()))

    @property
    def plain(self) -> list[forms.BoundField]:
        return [bound for bound in self if not self._is_date_of_a_stage(bound.name)]

    @property
    def days(self) -> list[forms.BoundField]:
        return [bound for bound in self if self._is_date_of_a_stage(bound.name)]

    @staticmethod
    def _is_date_of_a_stage(name: str) -> bool:
        return name.startswith(_PREFIX) or name == "survey_deadline"

    def freeze(self) -> None:
        """What is fixed once a form exists: shown, not asked."""
        for name in FIXED:
            self.fields[name].disabled = True
            self.fields[name].help_text = "已经有评估表，不能再改。"

    def settings(self) -> dict[str, object]:
        """Arguments of RoundSettings."""
        names = ("name", "year", "reference_date", "rubric_code", "survey_scope", "procedure", "survey_deadline")
        values = self.cleaned_data
        days = {name.removeprefix(_PREFIX): day for name, day in values.items() if name.startswith(_PREFIX) and day}
        return {name: values[name] for name in names} | {
            "stage_deadlines": days,
            "notice_days": values["notice_days"] or 0,
            **{name: default if values[name] is None else values[name] for name, default in INSPECTION.items()},
        }


def initial_of(round_: Round) -> dict[str, object]:
    names = ("name", "year", "reference_date", "survey_scope", "procedure", "survey_deadline", *INSPECTION)
    days = {_PREFIX + code: deadline_of(round_, code) for code in round_.stage_deadlines or {}}
    return {name: getattr(round_, name) for name in names} | {
        "rubric_code": round_.rubric.code, "notice_days": round_.notice_days or None,
    } | days  # fmt: skip
