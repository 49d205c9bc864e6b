"""Forms of 异议: shape and words; the rules are the actions'."""

from collections.abc import Iterable

from django import forms

from accounts.models import User
from assessment.forms_photos import FilesField, FilesInput
from assessment.models import Objection, ObjectionKind, ObjectionWay, Outcome
from assessment.objections import MOST_PHOTOS
from core.errors import DomainError

_AREA = {"rows": 4, "maxlength": 1000}
_QUIET = {"autocomplete": "off"}
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NOT_LISTED = [("", "不在名单上（漏评）")]
TAKEN_DOWN = [choice for choice in ObjectionWay.choices if choice[0] != ObjectionWay.WEB]
NOT_ON_SHEET = "这一户不在这份公示上，请重新选择；漏评的不用选。"


class SaidForm(forms.Form):
    """What every way of lodging asks for."""

    kind = forms.ChoiceField(
        label="异议种类", choices=ObjectionKind.choices, widget=forms.RadioSelect, initial=ObjectionKind.WRONG
    )
    target = forms.CharField(
        label="漏评的是哪一户",
        required=False,
        max_length=100,
        help_text="只有漏评才填：户主姓名、在哪个组。",
        widget=forms.TextInput(attrs=_QUIET),
    )
    text = forms.CharField(label="意见和理由", widget=forms.Textarea(attrs=_AREA), max_length=1000)
    lodger = forms.CharField(label="提出人姓名", required=False, max_length=32, widget=forms.TextInput(attrs=_QUIET))
    phone = forms.CharField(
        label="联系电话",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs=_QUIET | {"inputmode": "tel"}),
        help_text="只用来答复。",
    )

    def put_back(self, error: DomainError) -> None:
        """A refusal of the action, at its fields."""
        for name, sentences in error.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
        if not error.fields:
            self.add_error(None, error.message)


class LodgeForm(SaidForm):
    """Taken down by the village or the township, against one notice on show."""

    household = forms.ChoiceField(
        label="对哪一户", required=False, help_text="漏评的户不在名单上，不用选。", error_messages={"invalid_choice": NOT_ON_SHEET}
    )
    omitted_code = forms.CharField(
        label="漏评户的户编号", required=False, max_length=20, help_text="已经登记的户填；没有登记的，在下面写明是哪一户。",
        widget=forms.TextInput(attrs=_QUIET | {"inputmode": "numeric"}),
    )  # fmt: skip
    anonymous = forms.BooleanField(label="匿名：不记姓名和电话", required=False)
    way = forms.ChoiceField(label="怎样提出的", choices=TAKEN_DOWN, widget=forms.RadioSelect, initial=ObjectionWay.FACE, required=False)

    field_order = ("way", "kind", "household", "omitted_code", "target", "text", "lodger", "phone", "anonymous")

    def __init__(self, *args, lines: Iterable[tuple[str, str]] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["household"].choices = [*NOT_LISTED, *lines]

    @property
    def household_code(self) -> str:
        named = "omitted_code" if self.cleaned_data["kind"] == ObjectionKind.OMITTED else "household"
        return self.cleaned_data[named].strip()


class PublicForm(SaidForm):
    """The page without an account: the household by its number on the notice, masked names only."""

    position = forms.TypedChoiceField(
        label="对哪一户", required=False, coerce=int, empty_value=None, help_text="漏评的户不在名单上，不用选。",
        error_messages={"invalid_choice": NOT_ON_SHEET},
    )
    photos = FilesField(
        label="照片", required=False, most=MOST_PHOTOS, help_text=f"可以不交，最多 {MOST_PHOTOS} 张。照片里的拍摄时间和地点会去掉。",
        widget=FilesInput(attrs={"accept": "image/jpeg,image/png", "data-photos": f"{MOST_PHOTOS}"}),
    )  # fmt: skip
    homepage = forms.CharField(
        required=False, label="请不要填写这一栏", widget=forms.TextInput(attrs=_QUIET | {"tabindex": "-1"})
    )

    field_order = ("kind", "position", "target", "text", "photos", "lodger", "phone", "homepage")

    def __init__(self, *args, lines: Iterable[tuple[int, str]] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = [("", "请选择序号和户主"), *lines]

    def put_back(self, error: DomainError) -> None:
        for sentence in error.fields.pop("household", ()):
            self.add_error("position", sentence)
        if error.fields or not self.errors:
            super().put_back(error)

    def clean_homepage(self) -> str:
        """Seen by programs only; whoever fills it in by mistake is told, nothing is dropped in silence."""
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError("这一栏请留空。")
        return ""


class ProposeForm(forms.Form):
    visited_on = forms.DateField(label="入户复核日期", widget=_DATE)
    finding = forms.CharField(
        label="核查情况", widget=forms.Textarea(attrs=_AREA | {"maxlength": 2000}), max_length=2000
    )
    proposal = forms.ChoiceField(label="核查意见", widget=forms.RadioSelect)
    category = forms.ChoiceField(label="改定的类别", required=False, help_text="只有“改定类别”才选。")
    household_code = forms.CharField(
        label="漏评户的户编号",
        required=False,
        max_length=20,
        help_text="村里登记这一户后填它的户编号。",
        widget=forms.TextInput(attrs=_QUIET),
    )

    def __init__(
        self, *args, objection: Objection, outcomes: Iterable[str], tiers: Iterable[tuple[str, str]], **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        possible = list(outcomes)
        self.fields["proposal"].choices = [(value, Outcome(value).label) for value in possible]
        self.fields["category"].choices = [("", "不改"), *tiers]
        if Outcome.CHANGE not in possible:
            del self.fields["category"]
        if objection.household_id:
            del self.fields["household_code"]

    put_back = SaidForm.put_back


class AssignForm(forms.Form):
    """交办: only those who may look into this household's objection are offered."""

    handler = forms.ChoiceField(label="核查人", error_messages={"required": "请选择核查人。", "invalid_choice": "请从名单里选择核查人。"})

    def __init__(self, *args, people: Iterable[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].choices = [("", "请选择"), *((user.login, f"{user.name}{f'（{user.title}）' if user.title else ''}") for user in people)]

    put_back = SaidForm.put_back


class ConfirmForm(forms.Form):
    """One text for both: the answer to the lodger, or the reason for the handler."""

    answer = forms.CharField(label="答复", widget=forms.Textarea(attrs=_AREA), max_length=1000)
    outcome = forms.CharField(widget=forms.HiddenInput, required=False)
    category = forms.CharField(widget=forms.HiddenInput, required=False)

    put_back = SaidForm.put_back


class LookUpForm(forms.Form):
    code = forms.CharField(
        label="受理号", max_length=24, help_text="如 YY-2016SB-7KQ4M，在回执上。", widget=forms.TextInput(attrs=_QUIET)
    )
