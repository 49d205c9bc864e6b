"""Forms of 撤并村. They check shape; the actions decide."""

from django import forms

from core.web.fields import DayField
from villages.models import VillageMerge

_SAID = "写清由来，如 县政府批准两村合并。不写证件号码、电话和病情。"


class MergeForm(forms.Form):
    effective_on = DayField(label="生效日期", help_text="批准文件写的日期，不能晚于今天。户从这一天起算在新的村。")
    document_no = forms.CharField(label="文号", max_length=VillageMerge._meta.get_field("document_no").max_length, help_text="批准撤并的文件。")
    reason = forms.CharField(label="事由", max_length=200, help_text=_SAID, widget=forms.Textarea(attrs={"rows": 3}))


class UndoForm(forms.Form):
    reason = forms.CharField(label="撤销原因", max_length=200, help_text="不写证件号码、电话和病情。", widget=forms.Textarea(attrs={"rows": 3}))
