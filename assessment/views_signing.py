"""第三签字 of a group: who signed, whether it is two thirds, another sheet; and the sheet's scan."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from accounts import roles
from assessment import selectors
from assessment.actions.signing import add_signing, open_signing
from assessment.forms_signing import SigningForm
from assessment.models import Round, RoundStatus, Signing
from assessment.selectors_signing import (
    first_meeting,
    group_of,
    households_of,
    sheets_of,
    signed_households,
    signed_share,
)
from core.errors import BadInput
from core.scope import FieldClass
from core.uploads.scans import SUFFIXES
from core.web.middleware import origin_of
from core.web.pages import page
from villages.models import VillagerGroup

MARK = 8


@page(roles.LIST_VIEW, "GET HEAD POST")
def signing(request: HttpRequest, code: str, group_code: str) -> HttpResponse:
    round_ = get_object_or_404(selectors.rounds(request.scope), code=code)
    group = group_of(request.scope, round_, group_code)
    form = SigningForm(request.POST or None, request.FILES or None, initial={"key": request.request_id})
    if request.method == "POST" and (made := _added(request, form, round_, group)):
        messages.success(request, f"签字表已保存，文件校验码 {made.sha256[:MARK]}。")
        return redirect("signing", code, group_code)
    return render(request, "assessment/signing.html", _shown(request, round_, group, form), status=400 if request.method == "POST" else 200)


def _added(request: HttpRequest, form: SigningForm, round_: Round, group: VillagerGroup) -> Signing | None:
    """What the form itself lacks is asked first; who may not sign is refused all the same."""
    if not form.is_valid() and request.scope.may(roles.PAPER_SIGN, group.village):
        return None
    data = form.cleaned_data
    try:
        return add_signing(
            scope=request.scope, round_code=round_.code, group_code=group.code, signed_on=data.get("signed_on"),
            households=request.POST.getlist("households"), names=data.get("names", ""), file=data.get("file"), key=data.get("key", ""),
            origin=origin_of(request),
        )  # fmt: skip
    except BadInput as refusal:
        for name, sentences in (refusal.fields or {"file": [refusal.message]}).items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
    return None


def _shown(request: HttpRequest, round_: Round, group: VillagerGroup, form: SigningForm) -> dict[str, object]:
    village, signed = group.village, signed_households(round_, group)
    ticked = set(request.POST.getlist("households"))
    rows = [{"row": row, "signed": row.pk in signed, "ticked": row.code in ticked} for row in households_of(group)]
    board = f"/rounds/{round_.code}/"
    place = [
        (village.township.name, f"{board}?township={village.township.code}"), (village.short_name, f"{board}villages/{village.code}/"),
        (f"{group.name}签字", ""),
    ]  # fmt: skip
    return {
        "round": round_, "group": group, "village": village, "share": signed_share(round_, group), "rows": rows, "form": form, "place": place,
        "sheets": sheets_of(request.scope, round_, group), "meeting": first_meeting(round_, group.pk),
        "may_sign": round_.status == RoundStatus.OPEN and request.scope.may(roles.PAPER_SIGN, village),
        "may_read": request.scope.may_see(FieldClass.HEALTH, group),
    }  # fmt: skip


@page(roles.LIST_VIEW)
def signing_file(request: HttpRequest, signing_uuid: uuid.UUID) -> HttpResponse:
    """Always a download under a name of ours, never shown inside a page of ours (trust 66, N7)."""
    row, content = open_signing(scope=request.scope, signing=str(signing_uuid), origin=origin_of(request))
    response = HttpResponse(content, content_type=row.media_type)
    name = f"{row.group.name}签字表-{row.sha256[:MARK]}.{SUFFIXES[row.media_type]}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
