"""Uploading photos of a look, and taking one away."""

from collections.abc import Sequence

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from assessment.rubric import Look
from assessment.selectors_photos import AT_ONCE, MOST
from assessment.shots import LONGEST_CAPTION, LONGEST_REASON, Shot
from core.uploads.scans import MAX_BYTES
from core.web.fields import LineField, NumberField

MEGABYTES = MAX_BYTES // 1024 // 1024


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, as a list; what is in them is judged one by one when they are kept."""

    widget = FilesInput

    def __init__(self, *, most: int = AT_ONCE, **kwargs) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: object, initial: object = None) -> list[UploadedFile]:
        files = [file for file in data if file] if isinstance(data, list | tuple) else [data] if data else []
        if not files and self.required:
            raise forms.ValidationError("请选择照片。", code="required")
        if len(files) > self.most:
            raise forms.ValidationError(f"一次最多 {self.most} 张，现选了 {len(files)} 张，请分几次传。", code="many")
        return files


class PhotoForm(forms.Form):
    files = FilesField(
        label="照片", help_text=f"一次最多 {AT_ONCE} 张，每张 {MEGABYTES} MB 以内，每看最多 {MOST} 张。只收 JPEG、PNG。",
        widget=FilesInput(attrs={"accept": "image/jpeg,image/png", "data-photos": ""}),
    )  # fmt: skip
    look = forms.ChoiceField(label="哪一看", error_messages={"required": "请选择是哪一看的照片。"})
    caption = LineField(label="说明", required=False, longest=LONGEST_CAPTION, help_text="如“正房东墙裂缝”。不要写姓名、证件号码和病情。")
    keep = forms.BooleanField(
        label="保留拍摄时间和地点", required=False,
        help_text="勾选后，从照片里读出拍摄时间和经纬度另行登记，作入户的证明。不勾选的，一律去掉。",
    )  # fmt: skip
    taken_at = forms.DateTimeField(
        label="拍摄时间", required=False, help_text="照片里没有的，可以手填。", input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "拍摄时间须为真实的时间，如 2016-04-11 09:30。"},
    )  # fmt: skip
    latitude = NumberField(label="纬度", required=False, lowest=-90, highest=90, places=8, help_text="度，如 29.50861。")
    longitude = NumberField(label="经度", required=False, lowest=-180, highest=180, places=8, help_text="度，如 109.40833。")

    def __init__(self, *args, looks: Sequence[Look], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["look"].choices = [(look.code, look.name) for look in looks]
        self.fields["taken_at"].widget.attrs["max"] = timezone.localtime().strftime("%Y-%m-%dT%H:%M")

    @property
    def shot(self) -> Shot:
        data = self.cleaned_data
        return Shot(data["caption"], data["keep"], data["taken_at"], data["latitude"], data["longitude"])


class RemovalForm(forms.Form):
    reason = LineField(
        label="移除的原因", longest=LONGEST_REASON, help_text="如“拍糊了”“拍到了别的户”。原因和经手人留在记录里。",
        error_messages={"required": "请写明移除的原因。"},
    )  # fmt: skip
