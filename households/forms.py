"""Forms of a household and its members: labels, units, shape. They never write; `entry_of` hands what was typed to the actions."""

from decimal import Decimal

from django import forms

from core.ids import normalise_id
from households import codes
from households.entries import FACTS, MEMBER_FACTS, HouseholdEntry, MemberEntry
from households.models import Household, Membership, Sex
from households.secrets import reveal

_UNKNOWN = [("", "未填")]
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_DIGITS = forms.TextInput(attrs={"inputmode": "numeric"})


def _choice(code_list: codes.CodeList, label: str, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=_UNKNOWN + code_list.choices, required=required)


def _yes_no(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[("", "未填"), ("1", "是"), ("0", "否")], required=False, coerce=lambda v: v == "1", empty_value=None
    )


def _amount(label: str) -> forms.DecimalField:
    return forms.DecimalField(label=f"{label}（元）", required=False, min_value=0, max_digits=10, decimal_places=2, widget=_DIGITS)


class HouseholdForm(forms.Form):
    """户的各项. Groups are those of the village."""

    group = forms.ChoiceField(label="村民小组", required=False)
    phone = forms.RegexField(
        r"^1[0-9]{10}\Z", label="联系电话", required=False, error_messages={"invalid": "联系电话须为 11 位手机号。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    attribute = _choice(codes.ATTRIBUTE, "贫困户属性")
    exit_status = _choice(codes.EXIT_STATUS, "脱贫属性")
    cause = _choice(codes.CAUSE, "主要致贫原因")
    net_income_per_head = forms.IntegerField(label="人均纯收入（元）", required=False, min_value=-100_000, max_value=1_000_000, widget=_DIGITS)
    structure = _choice(codes.STRUCTURE, "房屋主要结构")
    danger_level = _choice(codes.DANGER, "危房级别")
    dangerous_house = _yes_no("危房户")
    area_m2 = forms.DecimalField(label="住房面积（㎡）", required=False, min_value=0, max_digits=7, decimal_places=2, widget=_DIGITS)
    water_safe = _yes_no("饮水安全")
    water_difficult = _yes_no("饮水困难")
    tap_water = _yes_no("自来水入户")
    electricity = _yes_no("通生活用电")
    road = _choice(codes.ROAD, "入户路类型")
    cultivated_mu = forms.DecimalField(label="耕地面积（亩）", required=False, min_value=0, max_digits=7, decimal_places=2, widget=_DIGITS)
    appliances = forms.MultipleChoiceField(
        label="家用电器", choices=[*codes.APPLIANCES.choices, ("none", "都没有")], required=False, widget=forms.CheckboxSelectMultiple
    )
    vehicle = _choice(codes.VEHICLE, "交通工具")
    machines = _choice(codes.MACHINES, "生产机具")
    savings = _amount("家庭存款")
    debt = _amount("非生产性负债")
    education_debt = _amount("教育负债")

    SECTIONS = (
        ("户", ("group", "phone", "attribute", "exit_status", "cause", "net_income_per_head")),
        ("房", ("structure", "danger_level", "dangerous_house", "area_m2")),
        ("水电路", ("water_safe", "water_difficult", "tap_water", "electricity", "road")),
        ("地与资产", ("cultivated_mu", "appliances", "vehicle", "machines")),
        ("存款与负债", ("savings", "debt", "education_debt")),
    )

    def __init__(self, *args, groups=(), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", "未分组"), *((group.code, group.name) for group in groups)]

    def clean_appliances(self) -> list[str] | None:
        """None = not asked; an empty list = has none of them."""
        chosen = self.cleaned_data["appliances"]
        if "none" in chosen and len(chosen) > 1:
            raise forms.ValidationError("选了“都没有”就不能再选其他。")
        return None if not chosen else [code for code in chosen if code != "none"]

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]


class MemberForm(forms.Form):
    uuid = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="姓名", max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    relation = _choice(codes.RELATION, "与户主关系", required=True)
    identity = forms.CharField(
        label="证件号码", required=False, max_length=30, help_text="18 位；出生日期和性别自动带出。改成员时留空表示不改。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )  # fmt: skip
    sex = forms.ChoiceField(label="性别", choices=[("", "由证件带出"), *Sex.choices], required=False)
    birth = forms.DateField(label="出生日期", required=False, widget=_DATE)
    ethnicity = _choice(codes.ETHNICITY, "民族")
    education = _choice(codes.EDUCATION, "文化程度")
    schooling = _choice(codes.SCHOOLING, "在校生状况")
    health = forms.MultipleChoiceField(label="健康状况", choices=codes.HEALTH.choices, required=False, widget=forms.CheckboxSelectMultiple)
    disability_grade = forms.TypedChoiceField(
        label="残疾等级", choices=[("", "未填"), *((n, f"{n}级") for n in range(1, 5))], required=False, coerce=int, empty_value=None
    )
    skill = _choice(codes.SKILL, "劳动技能")
    skilled_certificate = forms.BooleanField(label="有技能资质证书", required=False)
    work_place = _choice(codes.WORK_PLACE, "务工状况")
    work_months = forms.IntegerField(label="务工时间（月）", required=False, min_value=0, max_value=12, widget=_DIGITS)
    serious_illness_insured = _yes_no("参加大病医疗")
    leaving_reason = forms.ChoiceField(label="离户", choices=[("", "仍在本户"), *codes.LEAVING.choices], required=False)
    left_on = forms.DateField(label="离户日期", required=False, widget=_DATE)

    def clean_identity(self) -> str:
        return normalise_id(self.cleaned_data["identity"])

    def clean_health(self) -> str:
        chosen = self.cleaned_data["health"]
        if "01" in chosen and len(chosen) > 1:
            raise forms.ValidationError("选了“健康”就不能再选其他。")
        return ",".join(sorted(chosen))


class BaseMemberFormSet(forms.BaseFormSet):
    default_error_messages = {
        "missing_management_form": "成员部分没有传上来，请刷新页面后重填。",
        "too_few_forms": "一户至少要有一名成员。",
        "too_many_forms": "成员最多 30 人。",
    }


MemberFormSet = forms.formset_factory(MemberForm, BaseMemberFormSet, extra=0, min_num=1, validate_min=True, max_num=30, absolute_max=40)


def household_initial(household: Household) -> dict[str, object]:
    """What the edit form shows: the stored facts, sealed ones opened (the page is for those who may edit)."""
    values = {name: getattr(household, name) for name in FACTS}
    values |= {name: {True: "1", False: "0", None: ""}[values[name]] for name, value in values.items() if _is_yes_no(name)}
    values["group"] = household.group.code if household.group_id else ""
    values["appliances"] = [] if household.appliances is None else (household.appliances or ["none"])
    return values | {name: reveal(household, name) for name in ("phone", "savings", "debt", "education_debt")}


def member_initial(row: Membership) -> dict[str, object]:
    """A member without the number: it is changed by typing a new one, never shown here."""
    values = {name: getattr(row, name) for name in MEMBER_FACTS}
    values["health"] = [code for code in row.health.split(",") if code]
    values["serious_illness_insured"] = {True: "1", False: "0", None: ""}[row.serious_illness_insured]
    person = row.person
    return values | {"uuid": str(row.uuid), "name": person.name, "sex": person.sex, "birth": person.birth, "ethnicity": person.ethnicity}


def entry_of(form: HouseholdForm, members: forms.BaseFormSet) -> HouseholdEntry:
    """Cleaned forms to the actions' input."""
    data = form.cleaned_data
    secrets = {"phone": data["phone"]} | {n: _text(data[n]) for n in ("savings", "debt", "education_debt")}
    return HouseholdEntry(
        group_code=data["group"],
        facts={name: data[name] for name in FACTS},
        members=tuple(_member_of(member.cleaned_data) for member in members if member.cleaned_data),
        secrets=secrets,
    )


def _member_of(data: dict) -> MemberEntry:
    facts = {name: data[name] for name in MEMBER_FACTS if name != "relation"}
    own = ("name", "relation", "uuid", "identity", "birth", "sex", "ethnicity", "leaving_reason", "left_on")
    return MemberEntry(facts=facts, **{name: data[name] for name in own})


def _is_yes_no(name: str) -> bool:
    return isinstance(HouseholdForm.base_fields[name], forms.TypedChoiceField)


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)
