"""Forms of 办理变动. They check shape and suggest; the rules are in `households.family`, the actions decide."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.ids import normalise_id
from core.web.fields import BlockField, DayField, LineField, NameField
from households import codes
from households.entries import HEAD, MemberEntry
from households.family import (
    ADD_REASONS,
    LEAVE_REASONS,
    REOPEN_REASONS,
    TRANSFER_REASONS,
    Happening,
    Kin,
    heads_suggested,
    relation_to,
)
from households.models import Membership, Sex, TransferState
from households.selectors_family import ALL, ASKED, WAITING, Roll, groups_of, neighbour, other_villages

ASK = [("", "请选择")]
RELATIONS = [*ASK, *[item for item in codes.RELATION.choices if item[0] != HEAD]]
UNSETTLED = "户主离户又暂时定不下来的，可以不选，本户记为“户主待定”，以后再指定。"
DAY_HELP = "从这一天起算，如 2016年3月5日。"
NOTE_HELP = "可以不写。只有能看这一户完整情况的人看得到。"


def kin_of(row: Membership) -> Kin:
    return Kin(str(row.uuid), row.person.name, row.relation, row.person.sex, row.person.birth)


def named(row: Membership) -> str:
    return f"{row.person.name}（{codes.RELATION.label(row.relation)}）"


def _members(rows: list[Membership]) -> list[tuple[str, str]]:
    return [(str(row.uuid), named(row)) for row in rows]


class TransferFilter(forms.Form):
    """Filters of the list; what is not understood is left out, so that an old address still opens."""

    LISTS = {WAITING: "待我答复", ASKED: "本村提出的", ALL: "全部"}

    list = forms.ChoiceField(required=False, choices=list(LISTS.items()), widget=forms.HiddenInput)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *TransferState.choices])

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(data, auto_id="f-%s")
        self.is_valid()
        if self.which == WAITING:
            del self.fields["state"]

    @property
    def which(self) -> str:
        return self.cleaned_data.get("list") or WAITING

    @property
    def state_chosen(self) -> str:
        return self.cleaned_data.get("state", "") if self.which != WAITING else ""


class StepForm(forms.Form):
    """Every step: when, why in words, by which paper. `roll` is the household; `chosen` what an earlier page of the step has settled."""

    on = DayField(label="发生日期", future=False, help_text=DAY_HELP)
    paper = LineField(label="凭证", longest=64, required=False, help_text="如 户口本、死亡证明、结婚证、分家协议。")
    note = BlockField(label="情况说明", longest=400, numbers=True, required=False, help_text=NOTE_HELP)

    def __init__(self, data: Any = None, *, roll: Roll, chosen: dict[str, Any] | None = None) -> None:
        super().__init__(data)
        self.roll, self.chosen = roll, chosen or {}
        self.fit()
        self.order_fields([name for name in self.fields if name not in ("on", "paper", "note")])

    def fit(self) -> None:
        """Choices of this household."""

    @property
    def happening(self) -> Happening:
        data = self.cleaned_data
        return Happening(data["on"], data["note"], data["paper"])

    @property
    def relations(self) -> dict[str, str]:
        return {name.removeprefix("relation-"): value for name, value in self.cleaned_data.items() if name.startswith("relation-")}

    def _ask_relations(self, rows: list[Membership], head: str, suggested: dict[str, str]) -> None:
        for row in rows:
            label = f"{named(row)}与{head}的关系"
            self.fields[f"relation-{row.uuid}"] = forms.ChoiceField(label=label, choices=RELATIONS, initial=suggested.get(str(row.uuid), ""))


class AddForm(StepForm):
    reason = forms.ChoiceField(label="入户原因", choices=[*ASK, *[(code, codes.JOINING.label(code)) for code in ADD_REASONS]])
    name = NameField(label="姓名")
    relation = forms.ChoiceField(label="与户主关系", choices=RELATIONS)
    identity = LineField(label="证件号码", longest=40, numbers=True, required=False, help_text="新生儿、收养和补录的，没有号码可以先空着。")
    birth = DayField(label="出生日期", required=False, future=False, help_text="有证件号码的自动带出。")
    sex = forms.ChoiceField(label="性别", choices=[("", "由证件带出"), *Sex.choices], required=False)
    ethnicity = forms.ChoiceField(label="民族", choices=[("", "未填"), *codes.ETHNICITY.choices], required=False)

    def fit(self) -> None:
        self.fields["on"].required = False
        self.fields["on"].help_text = "出生的可以不填，就是出生日期。"
        head = self.roll.head
        self.fields["ethnicity"].initial = head.person.ethnicity if head else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("on") and "on" not in self.errors:
            data["on"] = data.get("birth") if data.get("reason") == "birth" else None
            if not data["on"]:
                self.add_error("on", "请填入户日期。")
        return data

    @property
    def entry(self) -> MemberEntry:
        data = self.cleaned_data
        own = {name: data[name] for name in ("name", "relation", "birth", "sex", "ethnicity")}
        return MemberEntry(identity=normalise_id(data["identity"]) if data["identity"] else "", **own)


class LeaveForm(StepForm):
    members = forms.MultipleChoiceField(label="谁离户", widget=forms.CheckboxSelectMultiple, help_text="全家都离开的，全部选上，本户销户。")
    reason = forms.ChoiceField(label="离户原因", choices=[*ASK, *[(code, codes.LEAVING.label(code)) for code in LEAVE_REASONS]])
    next_head = forms.ChoiceField(label="户主离户的，谁接着当户主", required=False, help_text=UNSETTLED)

    def fit(self) -> None:
        self.fields["members"].choices = _members(self.roll.members)
        self.fields["next_head"].choices = [("", "暂不指定"), *_heads(self.roll.members)]
        if self.roll.head is None:
            del self.fields["next_head"]


def _heads(rows: list[Membership]) -> list[tuple[str, str]]:
    return [(kin.uuid, f"{kin.name}（{why}）") for kin, why in heads_suggested([kin_of(row) for row in rows], timezone.localdate())]


class BackForm(StepForm):
    member = forms.ChoiceField(label="谁回来")
    relation = forms.ChoiceField(label="与户主关系", choices=RELATIONS)

    def fit(self) -> None:
        said = [(str(row.uuid), f"{row.person.name}（{_left(row)}离户，{codes.LEAVING.items.get(row.leaving_reason, '')}）") for row in self.roll.past]
        self.fields["member"].choices = [*ASK, *said]


class ReopenForm(StepForm):
    reason = forms.ChoiceField(label="为什么恢复", choices=[*REOPEN_REASONS.items()], widget=forms.RadioSelect)
    members = forms.MultipleChoiceField(label="谁还在这一户", widget=forms.CheckboxSelectMultiple)

    def fit(self) -> None:
        rows = self.roll.closing or [*self.roll.members, *self.roll.past]  # the form sent twice meets the household reopened
        self.fields["members"].choices = _members(rows)
        self.fields["members"].initial = [str(row.uuid) for row in self.roll.closing]
        self.fields["on"].label, self.fields["on"].required = "回来的日期", False
        self.fields["on"].help_text = "登记有误的不用填：按一直没有离开算。"
        for name, help_text in (("paper", "如 派出所证明、户口本、村委会情况说明。"), ("note", "当时怎么销的户，谁核实过。加密保存。")):
            self.fields[name].required, self.fields[name].help_text = True, help_text

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("reason") == "back" and not data.get("on") and "on" not in self.errors:
            self.add_error("on", "请填回来的日期。")
        data["on"] = data.get("on") or timezone.localdate()
        return data


def _left(row: Membership) -> str:
    return f"{row.until.year}年{row.until.month}月{row.until.day}日" if isinstance(row.until, date) else ""


class ChooseForm(forms.Form):
    """First page of a step, asked with GET: who or which household."""

    def __init__(self, data: Any = None, *, roll: Roll) -> None:
        super().__init__(data)
        self.roll = roll
        self.fit()

    def fit(self) -> None:
        """Choices of this household."""


class ChooseHead(ChooseForm):
    head = forms.ChoiceField(label="谁当户主", widget=forms.RadioSelect, help_text="按配偶、成年子女、子女的配偶、父母的顺序列出；未成年人在户内还有成年人时不能当户主。")

    def fit(self) -> None:
        self.fields["head"].choices = _heads(self.roll.members)


class HeadForm(StepForm):
    def fit(self) -> None:
        new = self.roll.member(self.chosen["head"])
        others = [row for row in self.roll.members if row.pk != new.pk]
        self._ask_relations(others, "新户主", _follows(self.roll, new, others))


def _follows(roll: Roll, new: Membership, others: list[Membership]) -> dict[str, str]:
    sex = roll.head.person.sex if roll.head else next((row.person.sex for row in reversed(roll.past) if row.relation == HEAD), "")
    return {str(row.uuid): relation_to(kin_of(new), kin_of(row), sex) for row in others}


class ChooseSplit(ChooseForm):
    members = forms.MultipleChoiceField(label="谁分出去", widget=forms.CheckboxSelectMultiple)
    head = forms.ChoiceField(label="新户的户主")

    def fit(self) -> None:
        choices = _members(self.roll.members)
        self.fields["members"].choices = choices
        self.fields["head"].choices = [*ASK, *choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("head") and data["head"] not in data.get("members", ()):
            self.add_error("head", "新户的户主要在分出去的人里选。")
        if len(data.get("members", ())) == len(self.roll.members):
            self.add_error("members", "不能把全家都分出去。")
        return data


class SplitForm(StepForm):
    def fit(self) -> None:
        new = self.roll.member(self.chosen["head"])
        others = [row for row in self.roll.members if str(row.uuid) in self.chosen["members"] and row.pk != new.pk]
        self._ask_relations(others, f"新户主{new.person.name}", _follows(self.roll, new, others))


class ChooseMerge(ChooseForm):
    other = LineField(label="并入哪一户", longest=16, numbers=True, help_text="本村的户编号，可以只写后四位。")

    def clean_other(self) -> str:
        found = neighbour(self.roll.household, self.cleaned_data["other"])
        if found is None:
            raise forms.ValidationError("本村没有这一户，请核对户编号。")
        return found.code


class MergeForm(StepForm):
    def fit(self) -> None:
        target = neighbour(self.roll.household, self.chosen["other"])
        self._ask_relations(self.roll.members, f"户主{target.head_name}" if target else "户主", {})


class MoveForm(StepForm):
    where = forms.ChoiceField(label="迁到哪里", help_text="本村换组，保存后就生效；迁到外村，要由对方村或乡镇同意，同意以前本户不变。")

    def fit(self) -> None:
        household = self.roll.household
        groups = [(f"g:{one.code}", one.name) for one in groups_of(household.village_id) if one.pk != household.group_id]
        towns: dict[str, list[tuple[str, str]]] = {}
        for village in other_villages(household):
            towns.setdefault(village.township.name, []).append((f"v:{village.code}", village.short_name))
        self.fields["where"].choices = [*ASK, ("本村", groups), *towns.items()]


class ChooseTransfer(ChooseForm):
    member = forms.ChoiceField(label="谁转户")
    other = LineField(label="转到哪一户", longest=16, numbers=True, help_text="写户编号；本村的可以只写后四位，外村的写全 16 位。")

    def fit(self) -> None:
        self.fields["member"].choices = [*ASK, *_members(self.roll.members)]

    def clean_other(self) -> str:
        typed, household = self.cleaned_data["other"], self.roll.household
        found = neighbour(household, typed)
        code = found.code if found else typed
        if len(code) != 16 or not code.isascii() or not code.isdecimal():
            raise forms.ValidationError("本村没有这一户；外村的请写全 16 位户编号。")
        return code


class TransferForm(StepForm):
    relation = forms.ChoiceField(label="与那一户户主的关系", choices=RELATIONS)
    reason = forms.ChoiceField(label="原因", choices=[*ASK, *[(code, codes.LEAVING.label(code)) for code in TRANSFER_REASONS]])


class AnswerForm(forms.Form):
    """The other side's answer: a relation for a person, a group for a household."""

    relation = forms.ChoiceField(label="与本户户主的关系", choices=RELATIONS, required=False)
    group = forms.ChoiceField(label="住哪个组", required=False)
    note = LineField(label="答复说明", longest=200, required=False, help_text="不同意的必须写明理由。")

    def __init__(self, data: Any = None, *, transfer: Any) -> None:
        super().__init__(data, initial={"relation": transfer.relation})
        if transfer.membership_id:
            del self.fields["group"]
        else:
            del self.fields["relation"]
            groups = groups_of(transfer.other_village_id)
            self.fields["group"].choices = [("", "未分组"), *[(one.code, one.name) for one in groups]]
