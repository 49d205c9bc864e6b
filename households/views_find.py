"""Search by the last four of an ID number: a POST, so that nothing of it stands in an address, and a row on the trail."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import roles
from core.actions import record
from core.errors import Denied
from core.scope import FieldClass
from core.web.middleware import origin_of
from core.web.pages import page
from households.searching import last_four
from households.selectors_find import found_by_last_four


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def household_find(request: HttpRequest) -> HttpResponse:
    if not request.scope.may_see(FieldClass.IDENTITY):
        raise Denied("您的岗位不能按证件号码查找。")
    typed = request.POST.get("last4", "")
    digits, context, status = last_four(typed), {}, 200
    if digits:
        narrowed = replace(request.scope, rows=request.scope.field_rights[FieldClass.IDENTITY.value])
        found = found_by_last_four(narrowed, digits)
        record(request.scope, "household.find", origin_of(request), "household", "", found=len(found))
        context = {"found": found, "asked": True}
    elif request.method == "POST":
        context, status = {"fault": "请填证件号码的最后四位，如 0026 或 152X。"}, 400
    return render(request, "households/find.html", context, status=status)
