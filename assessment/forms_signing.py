"""Form of a group's signed sheet."""

from django import forms

from core.uploads.scans import MAX_BYTES
from core.web.fields import BlockField, DayField


class SigningForm(forms.Form):
    """The households on file are ticked beside it; `names` are the others, one head a line."""

    names = BlockField(
        label="其他户主姓名", rows=5, longest=20_000, required=False,
        help_text="不在上面的农户，一行写一户户主姓名。重复的只算一户；和在册户主同名的算在册那一户。",
    )  # fmt: skip
    signed_on = DayField(label="签字日期", future=False)
    file = forms.FileField(
        label="签字表扫描件", help_text=f"PDF、JPEG 或 PNG，{MAX_BYTES // 1024 // 1024} MB 以内。签名和手印要看得清。",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )  # fmt: skip
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
