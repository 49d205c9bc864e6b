"""Log-in, own password, and the pages of the system administrator and the security administrator."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from accounts import actions, forms, reauth, roles, selectors
from accounts.bulk import read_accounts
from core.actions import record
from core.api.paging import Keyset
from core.errors import DomainError
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters


class Login(LoginView):
    template_name = "login.html"
    redirect_authenticated_user = True


class Logout(LogoutView):
    """Ends the session on the server and asks the browser to forget what it kept (trust C4)."""

    http_method_names = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@sensitive_post_parameters()
@page(methods="GET HEAD POST")
def password(request: HttpRequest) -> HttpResponse:
    form = forms.PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_own_password(
            scope=request.scope, user=request.user, password=form.cleaned_data["new"], origin=origin_of(request)
        )
        update_session_auth_hash(request, request.user)
        return redirect("home")
    return render(request, "password_change.html", {"form": form})


@sensitive_post_parameters()
@page(methods="GET HEAD POST")
def password_confirm(request: HttpRequest) -> HttpResponse:
    """Asked before a list is locked (ruling 28); leads back where the caller came from, on this site only."""
    wanted = request.GET.get("next", "")
    back = wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"
    form = forms.ConfirmForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        reauth.note(request)
        record(request.scope, "account.confirm", origin_of(request), "account", request.user.login)
        return redirect(back)
    return render(request, "password_confirm.html", {"form": form, "back": back, "minutes": settings.REAUTH_MINUTES})


@page(roles.ACCOUNT_MANAGE)
@remembers_filters
def account_list(request: HttpRequest) -> HttpResponse:
    text = _sought(request)
    found = paged(request, selectors.accounts(text), Keyset(("login",)), "个")
    return render(request, "accounts/accounts.html", {"page": found, "q": text} | found.links)


def _sought(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[: selectors.LONGEST_QUERY]


@page(roles.ACCOUNT_MANAGE, "GET HEAD POST")
def account_new(request: HttpRequest) -> HttpResponse:
    form = forms.AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _try(form, lambda: actions.create_accounts(
            scope=request.scope, accounts=[actions.NewAccount(**form.cleaned_data)], origin=origin_of(request)))  # fmt: skip
        if made:
            return render(request, "accounts/first_passwords.html", {"made": made})
    return render(request, "accounts/account_form.html", {"form": form, "title": "新建账号", "submit": "建立账号"})


@page(roles.ACCOUNT_MANAGE, "GET HEAD POST")
def account_bulk(request: HttpRequest) -> HttpResponse:
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_accounts(scope=request.scope, accounts=_read(form), origin=origin_of(request))
            return render(request, "accounts/first_passwords.html", {"made": made})
        except DomainError as error:
            form.add_error("file", error.message)
            reasons = error.reasons
    context = {"form": form, "title": "从 Excel 批量建账号", "submit": "核对并建立", "reasons": reasons, "multipart": True}
    return render(request, "accounts/account_form.html", context)


@page(roles.ACCOUNT_MANAGE, "POST")
def account_reset(request: HttpRequest, login: str) -> HttpResponse:
    made = actions.reset_password(scope=request.scope, login=login, origin=origin_of(request))
    return render(request, "accounts/first_passwords.html", {"made": [made]})


@page(roles.ACCOUNT_MANAGE, "GET HEAD POST")
def account_contact(request: HttpRequest, login: str) -> HttpResponse:
    account = get_object_or_404(selectors.accounts(), login=login)
    form = forms.ContactForm(request.POST or None, initial={"title": account.title, "office_phone": account.office_phone})
    if request.method == "POST" and form.is_valid():
        if _try(form, lambda: actions.set_contact(scope=request.scope, login=login, **form.cleaned_data, origin=origin_of(request))):
            return redirect("accounts")
    context = {"form": form, "title": f"{account.name}的职务和办公电话", "submit": "保存"}
    return render(request, "accounts/account_form.html", context)


@page(roles.ACCOUNT_MANAGE, "POST")
def account_active(request: HttpRequest, login: str) -> HttpResponse:
    active = request.POST.get("active") == "1"
    actions.set_active(scope=request.scope, login=login, active=active, origin=origin_of(request))
    return redirect("accounts")


@page(roles.ACCOUNT_MANAGE, "GET HEAD POST")
def account_hand_over(request: HttpRequest) -> HttpResponse:
    form = forms.HandOverForm(request.POST or None, initial={"leaver": request.GET.get("leaver", "")})
    if request.method == "POST" and form.is_valid():
        done = _try(form, lambda: actions.hand_over(scope=request.scope, **form.cleaned_data, origin=origin_of(request)))
        if done:
            return redirect("accounts")
    context = {"form": form, "title": "调任交接", "submit": "办理交接", "note": "交出人的任职到前一天止；接手人的任职由安全管理员确认后生效。"}
    return render(request, "accounts/account_form.html", context)


@page(roles.ASSIGNMENT_MANAGE, "GET HEAD POST")
@remembers_filters
def assignment_list(request: HttpRequest) -> HttpResponse:
    form = forms.AssignmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _try(form, lambda: actions.assign(scope=request.scope, **form.cleaned_data, origin=origin_of(request))):
            return redirect("assignments")
    text = _sought(request)
    found = paged(request, selectors.posts(text), Keyset(("user_id", "id")), "项")
    context = {"form": form, "proposals": selectors.proposals(), "page": found, "q": text}
    return render(request, "accounts/assignments.html", context | found.links)


@page(roles.ASSIGNMENT_MANAGE, "POST")
def assignment_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    accept = request.POST.get("accept") == "1"
    actions.confirm(scope=request.scope, assignment_id=pk, accept=accept, origin=origin_of(request))
    return redirect("assignments")


@page(roles.ASSIGNMENT_MANAGE, "POST")
def assignment_end(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end_assignment(scope=request.scope, assignment_id=pk, origin=origin_of(request))
    return redirect("assignments")


def _try(form, work):
    """The action's result, or None with the refusal put on the form, so that nothing typed is lost."""
    try:
        return work()
    except DomainError as error:
        known = {name: messages for name, messages in error.fields.items() if name in form.fields}
        for name, messages in known.items():
            for message in messages:
                form.add_error(name, message)
        if not known:
            form.add_error(None, error.message)
        return None


def _read(form) -> list[actions.NewAccount]:
    upload = form.cleaned_data["file"]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        return read_accounts(Path(copy.name))
