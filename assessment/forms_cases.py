"""Forms of 变更 and 终止. They check shape; the actions decide."""

from django import forms

from assessment.locks import AMEND_SUBJECTS, LONGEST_REASON, SHORTEST_REASON
from assessment.models import EndReason

_TEXT = {"rows": 4, "maxlength": LONGEST_REASON}
_LENGTH = {
    "min_length": f"至少写 {SHORTEST_REASON} 字，现有 %(show_value)s 字。",
    "max_length": f"最多 {LONGEST_REASON} 字，现有 %(show_value)s 字。",
}


class AmendForm(forms.Form):
    subject = forms.ChoiceField(label="变更事项", choices=list(AMEND_SUBJECTS.items()), widget=forms.RadioSelect)
    reason = forms.CharField(
        label="变更理由", error_messages=_LENGTH, min_length=SHORTEST_REASON, max_length=LONGEST_REASON, widget=forms.Textarea(attrs=_TEXT),
        help_text=f"{SHORTEST_REASON} 至 {LONGEST_REASON} 字。只有能看这一户完整情况的人看得到。",
    )  # fmt: skip


class EndForm(forms.Form):
    reason = forms.ChoiceField(label="终止原因", choices=EndReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="情况说明", error_messages=_LENGTH, min_length=SHORTEST_REASON, max_length=LONGEST_REASON, widget=forms.Textarea(attrs=_TEXT),
        help_text="写明时间、依据。自愿放弃的须有本人签字的声明。",
    )  # fmt: skip
