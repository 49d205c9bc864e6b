"""Forms of the administrators' pages. They check shape; the actions decide."""

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils import timezone

from accounts import roles
from accounts.audit_words import ACTIONS
from accounts.models import Role, User

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ConfirmForm(forms.Form):
    """The password once more; `axes` counts a wrong one like a failed log-in."""

    password = forms.CharField(label="您的登录密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *args, request: HttpRequest, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        typed = self.cleaned_data["password"]
        user = authenticate(self.request, username=self.request.user.login, password=typed)
        if user is None or user.pk != self.request.user.pk:
            raise forms.ValidationError("密码不对，没有确认。")
        return typed


class PasswordForm(forms.Form):
    """One's own password: the old one is asked again."""

    old = forms.CharField(label="现在的密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    new = forms.CharField(
        label="新密码", help_text="至少 10 位，不要用姓名、生日、常见密码。", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(label="再输一次新密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("现在的密码不对。")
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean(self) -> dict:
        values = super().clean()
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", "两次输入的新密码不一样。")
        return values


class PhoneField(forms.CharField):
    """Digits, spaces, a dash, an extension; an office number is shown to colleagues, so no private one is asked for."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    default_validators = [RegexValidator(r"^[0-9][0-9 转-]{4,19}\Z", "电话只含数字、空格、横线和“转”，如 0718-6283000。")]


class ContactForm(forms.Form):
    title = forms.CharField(label="职务", max_length=32, required=False, help_text="如 第一书记、驻村队员、信息录入员。")
    office_phone = PhoneField(label="办公电话", max_length=20, required=False, help_text="进度落后时找得到人，如 0718-6283000。")


class AccountForm(forms.Form):
    login = forms.CharField(label="登录名", max_length=32, help_text="小写字母开头，只含小写字母、数字和下划线。用过的名字不能再用。")
    name = forms.CharField(label="姓名", max_length=32)
    title = forms.CharField(label="职务", max_length=32, required=False)
    office_phone = PhoneField(label="办公电话", max_length=20, required=False, help_text="进度落后时找得到人，如 0718-6283000。")
    role = forms.ChoiceField(
        label="拟任岗位", choices=[("", "暂不提出"), *Role.choices], required=False, help_text="由安全管理员确认后生效。"
    )
    area_code = forms.CharField(label="地区代码", max_length=12, required=False, help_text="村 12 位、乡镇 9 位、县 6 位；管理员岗位不填。")


class HandOverForm(forms.Form):
    leaver = forms.CharField(label="交出人登录名", max_length=32)
    successor = forms.CharField(label="接手人登录名", max_length=32)
    day = forms.DateField(label="接手之日", widget=_DATE, initial=timezone.localdate)


class AssignmentForm(forms.Form):
    login = forms.CharField(label="登录名", max_length=32)
    role = forms.ChoiceField(label="岗位", choices=Role.choices)
    area_code = forms.CharField(label="地区代码", max_length=12, required=False, help_text="村级岗位 12 位，乡镇 9 位，县级 6 位；管理员不填。")
    since = forms.DateField(label="起", widget=_DATE, initial=timezone.localdate)
    until = forms.DateField(label="止", widget=_DATE, required=False)

    def clean(self) -> dict:
        values = super().clean()
        if values.get("role") in roles.ROLE_LEVEL and not values.get("area_code"):
            self.add_error("area_code", "这个岗位要填地区代码。")
        return values


class UploadForm(forms.Form):
    file = forms.FileField(label="Excel 文件", help_text="表头：登录名、姓名、职务、岗位、地区代码，可加办公电话。一行一个账号，有一行不对就都不建。")


class AuditFilter(forms.Form):
    actor = forms.CharField(label="操作人", required=False, max_length=64)
    action = forms.ChoiceField(label="操作", required=False, choices=[("", "全部操作"), *ACTIONS.items()])
    code = forms.CharField(label="对象编号", required=False, max_length=64)
    result = forms.ChoiceField(label="结果", required=False, choices=[("", "全部结果"), ("ok", "成功"), ("denied", "被拒绝"), ("failed", "未办成")])
    since = forms.DateField(label="自", required=False, widget=_DATE)
    until = forms.DateField(label="至", required=False, widget=_DATE)
