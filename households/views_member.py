"""The page of one member: read by the area, changed by the village."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import roles
from core.errors import BadInput, Denied, StaleVersion
from core.web import drafts
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.posted import number_in, posted_version
from core.web.way_back import carrying, way_back
from households.actions.person import update_member
from households.conflict import both_sides, is_saved, taking_theirs
from households.entries import HEAD
from households.forms_person import MemberPageForm, initial_of_ledger, member_initial
from households.models import Household, Membership
from households.selectors import visible_household
from households.selectors_ledger import ledger_document
from households.selectors_member import member_sections, membership_of, past_of, people_of, reason_left
from households.views import place_of

KIND = "member"
"""Of drafts."""


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def member(request: HttpRequest, code: str, member: UUID) -> HttpResponse:
    household = visible_household(request.scope, code)
    row = membership_of(household, member)
    editable, subject = _editable(request, household, row), f"{code}/{member}"
    draft = drafts.typed(request, KIND, subject) if editable else None
    if request.method == "POST" and not request.scope.may(roles.HOUSEHOLD_EDIT, household):
        raise Denied
    form = _form(request, row, draft) if editable or request.method == "POST" else None
    context = {"version": (draft or request.POST).get("version", household.version)}
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, household, row, form)
            return _onward(request, code, member)
        except StaleVersion as stale:
            if is_saved(form, member_initial(membership_of(household, member))):
                messages.success(request, "已保存。")
                return _onward(request, code, member)
            context = _conflict(request, form, code, member, stale)
        except BadInput as error:
            _put_back(form, error)
    return _member_page(request, context.get("household", household), row, form, context)


def _save(request: HttpRequest, household: Household, row: Membership, form: MemberPageForm) -> None:
    doubts = update_member(
        scope=request.scope, code=household.code, member=row.uuid, version=posted_version(request), entry=form.entry, origin=origin_of(request)
    )
    messages.success(request, "已保存。")
    for doubt in doubts:
        messages.warning(request, f"{doubt}，请核对。")


def _onward(request: HttpRequest, code: str, member: UUID) -> HttpResponse:
    drafts.saved(request, KIND, f"{code}/{member}")
    return redirect(way_back(request) or reverse("member", args=[code, member]))


def _editable(request: HttpRequest, household: Household, row: Membership) -> bool:
    return request.scope.may(roles.HOUSEHOLD_EDIT, household) and not (household.hold or household.closed_on or row.until)


def _form(request: HttpRequest, row: Membership, draft: QueryDict | None = None) -> MemberPageForm:
    """As stored, as sent, or as a draft left it; with the other's values where the user chose them."""
    initial = member_initial(row)
    own = {"head": row.relation == HEAD, "has_number": bool(row.person.id_index), "has_card": bool(row.disability_number_enc)}
    form = MemberPageForm(initial=initial, **own)
    data = request.POST if request.method == "POST" else draft
    if data is None:
        return form
    bound = MemberPageForm(taking_theirs(data, form, initial), initial=initial, **own)
    return bound if draft is None else drafts.unchecked(bound)


def _conflict(request: HttpRequest, form: MemberPageForm, code: str, uuid: UUID, stale: StaleVersion) -> dict[str, object]:
    """Both sides, read anew; the choice is for the version shown."""
    household = visible_household(request.scope, code)
    row = membership_of(household, uuid)
    base = initial_of_ledger(ledger_document(household, posted_version(request)), row.code)
    clashes = both_sides(form, member_initial(row), base)
    return {"household": household, "overtaken": stale.conflict, "clashes": clashes, "version": household.version}


def _put_back(form: MemberPageForm, error: BadInput) -> None:
    """Each fault at its field; a number of 15 digits brings the box that confirms the one of 18."""
    form.offers_old_number = "offer" in error.fields
    if not error.fields:
        form.add_error(None, error.message)
    for name, reasons in error.fields.items():
        for reason in reasons if name != "offer" else ():
            form.add_error(name if name in form.fields else None, reason)


def _member_page(request: HttpRequest, household: Household, row: Membership, form: MemberPageForm | None, more: dict[str, object]) -> HttpResponse:
    context = {
        "household": household, "place": place_of(household), "row": row, "form": form,
        "sections": [] if form else member_sections(request.scope, household, row), "left": reason_left(row) if row.until else "",
        "back": way_back(request), "detour": carrying("", way_back(request)), "people": people_of(household), "past": past_of(household),
        "keeping": drafts.keeping(request, KIND, f"{household.code}/{row.uuid}", base_version=number_in(str(more["version"]))) if form else None,
    }  # fmt: skip
    status = 412 if "overtaken" in more else 400 if form and form.errors else 200
    return render(request, "households/member.html", context | more, status=status)
