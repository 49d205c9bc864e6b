"""Pages of 委托代办: what was given and held, giving, taking back. Who stands in for whom in an area is open to its offices."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import roles
from accounts.actions_delegations import Wish, end_delegation, give_delegation
from accounts.forms_delegations import DelegationForm
from accounts.selectors_delegations import candidates, lines, posts_of
from core.errors import BadInput, WrongState
from core.web.middleware import origin_of
from core.web.pages import page


@page(roles.DELEGATION_VIEW)
def delegation_list(request: HttpRequest) -> HttpResponse:
    found = lines(request.scope, timezone.localdate())
    context = found | {"may_give": request.scope.has(roles.DELEGATION_GIVE), "most": settings.DELEGATION_MOST_DAYS}
    return render(request, "accounts/delegations.html", context)


@page(roles.DELEGATION_GIVE, "GET HEAD POST")
def delegation_new(request: HttpRequest) -> HttpResponse:
    posts = posts_of(request.scope)
    form = DelegationForm(request.POST or None, posts=posts, people=candidates(posts), initial={"key": request.request_id})
    if request.method == "POST" and form.is_valid():
        role, _, area = form.cleaned_data["post"].partition(":")
        values = {name: form.cleaned_data[name] for name in ("login", "since", "until", "reason")}
        try:
            made = give_delegation(
                scope=request.scope, wish=Wish(role, area, **values), key=form.cleaned_data["key"], origin=origin_of(request)
            )
        except BadInput as error:
            for name, texts in error.fields.items():
                for text in texts:
                    form.add_error(name, text)
        else:
            messages.success(request, f"已委托{made.delegate.name}代办，{made.since:%Y-%m-%d} 至 {made.until:%Y-%m-%d}。")
            return redirect("delegations")
    context = {"form": form, "most": settings.DELEGATION_MOST_DAYS, "people": form.fields["login"].choices, "posts": posts}
    return render(request, "accounts/delegation_new.html", context, status=400 if form.errors else 200)


@page(roles.DELEGATION_VIEW, "POST")
def delegation_end(request: HttpRequest, delegation: uuid.UUID) -> HttpResponse:
    try:
        ended = end_delegation(scope=request.scope, delegation=str(delegation), origin=origin_of(request))
        messages.success(request, f"委托已结束，{ended.delegate.name}不再代办。")
    except WrongState as error:
        messages.info(request, error.message)
    return redirect("delegations")
