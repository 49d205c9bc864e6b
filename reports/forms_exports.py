"""The form of an export. Shape only; the action decides."""

from collections.abc import Sequence

from django import forms

from assessment.models import Round
from reports.workbooks import REPORTS

LISTS = [(code, f"{report.title}（{report.about}）") for code, report in REPORTS.items() if not report.level]
_CHOOSE = {"invalid_choice": "请从列表里选。", "required": "请选一项。"}


class ExportForm(forms.Form):
    table = forms.ChoiceField(label="导出什么", choices=LISTS, error_messages=_CHOOSE)
    round = forms.ChoiceField(label="批次", error_messages=_CHOOSE)
    area = forms.ChoiceField(label="地区", error_messages=_CHOOSE)
    full = forms.BooleanField(label="含完整证件号码", required=False, help_text="不勾选时证件号码和银行卡号以星号代替，马上导出；勾选后须写明用途，经同一地区另一人批准。")
    purpose = forms.CharField(label="用途", required=False, max_length=100, help_text="含完整证件号码时必填：交给谁、做什么用。会印在文件里。")

    def __init__(self, *args, rounds: Sequence[Round], places: Sequence[tuple[str, str]], sees_numbers: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].choices = [(row.code, row.name) for row in rounds]
        self.fields["area"].choices = list(places)
        if not sees_numbers:
            del self.fields["full"], self.fields["purpose"]
