"""The form of 委托代办. Shape only; the action decides."""

from collections.abc import Sequence

from django import forms
from django.utils import timezone

from accounts import roles
from accounts.delegating import REASONS
from accounts.models import Assignment

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_BAD_DATE = {"invalid": "日期须为真实的日期，如 2016-04-11。"}


class DelegationForm(forms.Form):
    post = forms.ChoiceField(label="委托的岗位", help_text="只有这一级的评议决定可以代办；登记农户、公示、异议不随委托。")
    login = forms.ChoiceField(label="委托给谁", error_messages={"invalid_choice": "请从名单里选一个人。"})
    since = forms.DateField(label="起", widget=_DATE, initial=timezone.localdate, error_messages=_BAD_DATE)
    until = forms.DateField(label="止（含这一天）", widget=_DATE, error_messages=_BAD_DATE)
    reason = forms.ChoiceField(label="事由", choices=[("", "请选择"), *REASONS.items()])
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, posts: Sequence[Assignment], people: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(f"{row.role}:{row.place.code}", f"{row.place.name} {roles.ROLE_LABELS[row.role]}") for row in posts]
        self.fields["login"].choices = [("", "请选择"), *people]
