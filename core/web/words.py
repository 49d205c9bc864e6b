"""What a form says of a box that was left empty or filled wrongly, where the form has no words of its own: what to do, in plain Chinese."""

from django import forms
from django.core import validators

REQUIRED, CHOOSE, NOT_LISTED = "请填写这一项。", "请选择一项。", "列表里没有这一项，请重新选择。"
DAY = "请填真实的日期，如 2016-04-11。"

WORDS: dict[type, dict[str, str]] = {
    forms.Field: {"required": REQUIRED},
    forms.ChoiceField: {"required": CHOOSE, "invalid_choice": NOT_LISTED},
    forms.TypedChoiceField: {"required": CHOOSE, "invalid_choice": NOT_LISTED},
    forms.MultipleChoiceField: {"required": "请至少选一项。", "invalid_choice": NOT_LISTED, "invalid_list": "请从列表里选。"},
    forms.ModelChoiceField: {"required": CHOOSE, "invalid_choice": NOT_LISTED},
    forms.IntegerField: {"invalid": "请填整数。"},
    forms.DecimalField: {"invalid": "请填数字。"},
    forms.DateField: {"invalid": DAY},
    forms.DateTimeField: {"invalid": "请填真实的日期和时间，如 2016-04-11 09:30。"},
    forms.FileField: {
        "required": "请选择文件。", "invalid": "文件没有传上来，请重新选择。", "missing": "文件没有传上来，请重新选择。", "empty": "文件是空的，请重新选择。",
    },
    forms.BooleanField: {"required": "请勾选后再提交。"},
}  # fmt: skip


def speak_plainly() -> None:
    """Once, when the project starts: Django's own messages (“该字段是必填项。”) are replaced for every form."""
    for field, words in WORDS.items():
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **words}
    validators.ProhibitNullCharactersValidator.message = "里面有看不见的字符，请删掉重填。"
    validators.MaxLengthValidator.message = "最多 %(limit_value)d 字，现在 %(show_value)d 字。"
    validators.MinLengthValidator.message = "至少写 %(limit_value)d 字，现在 %(show_value)d 字。"
    validators.MaxValueValidator.message = "不能大于 %(limit_value)s。"
    validators.MinValueValidator.message = "不能小于 %(limit_value)s。"
