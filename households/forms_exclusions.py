"""Forms of 排除情形: shapes only; the actions decide."""

from django import forms

from core.web.fields import BlockField
from households.codes import EXCLUSION

ANSWERS = {"yes": True, "no": False, "": None}


class _Kept(forms.Form):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def said(self) -> list[str]:
        """What is wrong, as sentences."""
        return [line for lines in self.errors.values() for line in lines]


class AskForm(_Kept):
    """One answer a condition: 是, 否, or not asked. A condition that is not on the form stays as it is."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for code in EXCLUSION.items:
            self.fields[f"asked-{code}"] = forms.ChoiceField(
                choices=[(value, value) for value in ANSWERS], required=False
            )

    def entry(self) -> dict[str, object]:
        data = self.cleaned_data
        answers = {code: ANSWERS[data[f"asked-{code}"]] for code in EXCLUSION.items if f"asked-{code}" in self.data}
        return {"answers": answers, "version": data["version"], "key": data["key"]}


class OverrideForm(_Kept):
    reason = BlockField(longest=300, label="仍应列入的理由", error_messages={"required": "请写明仍应列入的理由。"})
    file = forms.FileField(label="佐证", error_messages={"required": "请附佐证材料的照片或扫描件。"})


class ConfirmForm(_Kept):
    agrees = forms.TypedChoiceField(
        choices=[("1", "确认"), ("0", "不同意")],
        coerce=lambda value: value == "1",
        error_messages={"required": "请选确认或不同意。"},
    )
    note = BlockField(longest=300, label="说明", error_messages={"required": "请写明意见。"})

    def entry(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in ("agrees", "note", "version", "key")}
