"""变更, 终止, and 一户一档 on paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from assessment import selectors, selectors_cases
from assessment.actions.cases import amend_case, end_case
from assessment.case_paper import paper_of
from assessment.forms_cases import AmendForm, EndForm
from core.actions import record
from core.errors import BadInput, Denied
from core.web.middleware import origin_of
from core.web.pages import page
from households.models import Household


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def case_amend(request: HttpRequest, code: str) -> HttpResponse:
    """变更: says what it will break before it is done; then the household may be edited."""
    household = _household(request, code, roles.CASE_AMEND)
    form = AmendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            amend_case(scope=request.scope, household_code=code, key=_key(request), origin=origin_of(request), **form.cleaned_data)
            messages.success(request, f"已办理变更，{household.head_name}户可以修改了。改好以后须重新评议。")
            return redirect("household_edit", code)
        except BadInput as error:
            _put_back(form, error)
    return _step_page(request, household, form, "cases/amend.html")


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def case_end(request: HttpRequest, code: str) -> HttpResponse:
    """终止 of a case that needs no decision any more (ruling 19)."""
    household = _household(request, code, roles.CASE_END)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            end_case(scope=request.scope, household_code=code, key=_key(request), origin=origin_of(request), **form.cleaned_data)
            messages.success(request, f"{household.head_name}户的评议已终止。签字材料请在农户页上传。")
            return redirect("household", code)
        except BadInput as error:
            _put_back(form, error)
    return _step_page(request, household, form, "cases/end.html")


@page(roles.HOUSEHOLD_VIEW)
def case_file_print(request: HttpRequest, code: str) -> HttpResponse:
    """一户一档 on A4: an audited reading."""
    household = selectors.household_of(request.scope, code)
    if not request.scope.may(roles.LIST_VIEW, household):
        raise Denied
    paper = paper_of(request.scope, household)
    record(request.scope, "case.file", origin_of(request), "household", code, place=household, version=household.version)
    return render(request, "cases/print_file.html", paper | {"household": household})


def _household(request: HttpRequest, code: str, right: str) -> Household:
    household = selectors.household_of(request.scope, code)
    if not request.scope.may(right, household):
        raise Denied
    return household


def _key(request: HttpRequest) -> str:
    return request.POST.get("key", "")[:64]


def _put_back(form, error: BadInput) -> None:
    if not error.fields:
        form.add_error(None, error.message)
    for name, reasons in error.fields.items():
        for reason in reasons:
            form.add_error(name if name in form.fields else None, reason)


def _step_page(request: HttpRequest, household: Household, form, template: str) -> HttpResponse:
    found = selectors_cases.live_step(request.scope, household)
    context = {"household": household, "form": form, "step": found, "key": _key(request) or request.request_id}
    return render(request, template, context, status=400 if form.errors else 200)
