"""Forms of table papers: shape only, the rules are the actions'."""

from django import forms

from core.errors import DomainError

_DATE = {"type": "date"}


class _Kept(forms.Form):
    def put_back(self, error: DomainError) -> None:
        for name, sentences in error.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
        if not error.fields:
            self.add_error(None, error.message)


class RemarksForm(_Kept):
    remarks = forms.CharField(label="填报说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}), help_text="数字需要说明的地方；不写具体某一户的病情。")


class StepForm(_Kept):
    """The note has the name of what must be said with one of the steps on offer."""

    note = forms.CharField(label="说明", required=False, max_length=300, widget=forms.TextInput(attrs={"maxlength": 300}))


class CopyForm(_Kept):
    copy_no = forms.IntegerField(label="第几份", min_value=1, max_value=20, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    holder = forms.CharField(label="存放单位", max_length=64)
    received_by = forms.CharField(label="签收人", max_length=32, required=False)
    given_on = forms.DateField(label="交付日期", widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))


class FindingForm(_Kept):
    text = forms.CharField(label="发现的问题", max_length=300, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}))
    household = forms.CharField(label="户编号", required=False, max_length=16, help_text="说到某一户时填。", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    points = forms.DecimalField(label="扣分", max_digits=4, decimal_places=1, min_value=0, max_value=100)
    found_on = forms.DateField(label="抽查日期", widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    mend_by = forms.DateField(label="整改期限", required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))


class MendedForm(_Kept):
    finding = forms.UUIDField(widget=forms.HiddenInput)
    mended_on = forms.DateField(label="整改日期", widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))


class DeadlineForm(_Kept):
    round = forms.CharField(widget=forms.HiddenInput, max_length=24)
    level = forms.ChoiceField(label="级别", choices=(("village", "村表"), ("township", "乡镇表"), ("county", "县表")))
    due = forms.DateField(label="上报期限", required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"), help_text="留空为没有期限。")
