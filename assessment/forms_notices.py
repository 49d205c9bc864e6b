"""Forms of the notice pages: labels, help, shape. What may be published is the actions' to say."""

from django import forms

from assessment.models import Notice, NoticeSheet

_PLAIN = {"autocomplete": "off"}
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _words(model: type, name: str, help_text: str = "", required: bool = True) -> forms.CharField:
    column = model._meta.get_field(name)
    return forms.CharField(
        label=column.verbose_name,
        max_length=column.max_length,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=_PLAIN),
    )


class StartForm(forms.Form):
    """What the office writes on the sheet."""

    document_no = _words(Notice, "document_no", "没有文号的可不填。", required=False)
    hotline = _words(Notice, "hotline", "全国扶贫监督举报电话 12317，也可加上县、镇的办公电话。")
    office = _words(Notice, "office", "受理异议的单位。")
    office_place = _words(Notice, "office_place", "群众当面反映到哪里，写到楼层或房间。")
    signed_by = _words(Notice, "signed_by", "张贴件右下角的落款，盖章处在它旁边。")
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    TEXT = ("document_no", "hotline", "office", "office_place", "signed_by")


class PostForm(forms.Form):
    """张贴 of one sheet."""

    posted_at = forms.DateTimeField(label=NoticeSheet._meta.get_field("posted_at").verbose_name, widget=_MOMENT)
    posted_place = _words(NoticeSheet, "posted_place", "如 村委会公示栏。")
    posted_name = _words(NoticeSheet, "posted_name")
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=Notice._meta.get_field("withdrawn_reason").verbose_name, max_length=200, help_text="不写证件号码、电话和病情。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class CheckForm(forms.Form):
    code = forms.CharField(
        label="校验码", max_length=100, help_text="在张贴件最下面，如 27b9 3e34 7352 5085；空格不用管。", widget=forms.TextInput(attrs=_PLAIN)
    )
