"""Photos of the six looks: the household's pages of them, uploading, handing out, taking away. Works without scripts."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from accounts import roles
from assessment import selectors, survey_page
from assessment.actions.photos import add_photo, open_photo, open_thumb, photo_of, remove_photo
from assessment.forms_photos import PhotoForm, RemovalForm
from assessment.models import LookPhoto, Round
from assessment.photos_view import audit_look, shelves_of
from assessment.selectors_photos import also_elsewhere, counts_of, may_keep, may_remove, may_see, reviews, why_closed
from core.errors import BadInput, Denied, DomainError, WrongState
from core.uploads.scans import JPEG, SUFFIXES
from core.web.middleware import origin_of
from core.web.pages import page
from households.models import Household

MARK = 8
LONGEST_NAME = 40


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def household_photos(request: HttpRequest, code: str) -> HttpResponse:
    """`?round=&look=`: all photos of the household in a round; with a look, the form opens for it. POST keeps up to six."""
    household = selectors.household_of(request.scope, code)
    round_ = selectors.round_of(request.scope, household, request.GET.get("round", ""))
    looks = round_.rubric.value.looks
    if request.method == "GET" or request.method == "HEAD":
        form = PhotoForm(initial={"look": request.GET.get("look", "")}, looks=looks)
        return _page(request, household, round_, form)
    if not may_keep(request.scope, household, round_):
        raise Denied
    form = PhotoForm(request.POST, request.FILES, looks=looks)
    kept = _keep(request, household, round_, form) if form.is_valid() else 0
    if kept:
        messages.success(request, f"已保存 {kept} 张照片。")
    if form.errors:
        return _page(request, household, round_, form, status=400)
    return redirect(_address(household, round_, form.cleaned_data["look"]))


def _keep(request: HttpRequest, household: Household, round_: Round, form: PhotoForm) -> int:
    """Each file by itself: one that is not taken does not cost the others. Returns how many are kept."""
    kept = 0
    for file in form.cleaned_data["files"]:
        try:
            add_photo(
                scope=request.scope, household_code=household.code, round_code=round_.code, look=form.cleaned_data["look"], file=file,
                shot=form.shot, origin=origin_of(request),
            )  # fmt: skip
            kept += 1
        except (BadInput, WrongState) as refusal:
            _explain(form, file.name, refusal)
    return kept


def _explain(form: PhotoForm, name: str, refusal: DomainError) -> None:
    rows = [(field, said) for field, sentences in refusal.fields.items() for said in sentences] if isinstance(refusal, BadInput) else []
    for field, said in rows or [("file", refusal.message)]:
        if field in form.fields and said not in form.errors.get(field, []):
            form.add_error(field, said)
        elif field not in form.fields:
            form.add_error("files", f"{name[:LONGEST_NAME]}：{said}")


def _address(household: Household, round_: Round, look: str) -> str:
    return reverse("household_photos", args=[household.code]) + f"?round={round_.code}&look={look}"


def _page(request: HttpRequest, household: Household, round_: Round, form: PhotoForm, status: int = 200) -> HttpResponse:
    scope, looks = request.scope, round_.rubric.value.looks
    shelves = shelves_of(scope, household, round_, looks)
    audit_look(request, household, round_, sum(len(shelf.tiles) for shelf in shelves))
    closed = why_closed(scope, household, round_)
    keeps, look = may_keep(scope, household, round_), next((one for one in looks if one.code == form["look"].value()), None)
    context = survey_page.frame(request, household, round_) | {
        "form": form, "shelves": shelves, "look": look, "closed": closed, "keeps": keeps and not closed, "may_see": may_see(scope, household),
        "total": sum(counts_of(household, round_).values()), "action": _address(household, round_, look.code if look else ""),
        "survey_url": reverse("survey", args=[household.code]) + f"?round={round_.code}" + (f"&look={look.code}" if look else ""),
        "fills": keeps,
    }  # fmt: skip
    context["place"] = [*context["place"][:-1], ("照片", "")]
    return render(request, "assessment/photos.html", context, status=status)


@page(roles.HOUSEHOLD_VIEW)
def household_photo(request: HttpRequest, code: str, photo_uuid: uuid.UUID) -> HttpResponse:
    """One photo, large, with when and where it was taken and by whom."""
    return _one(request, photo_of(request.scope, code, str(photo_uuid)), RemovalForm())


def _one(request: HttpRequest, photo: LookPhoto, form: RemovalForm, status: int = 200) -> HttpResponse:
    scope, household, round_ = request.scope, photo.household, photo.round
    look = next((one for one in round_.rubric.value.looks if one.code == photo.look), None)
    twins = also_elsewhere(scope, household, {photo.sha256}) if reviews(scope, household) else {}
    context = survey_page.frame(request, household, round_) | {
        "photo": photo, "look": look, "form": form, "twins": twins.get(photo.sha256, ()), "mark": photo.sha256[:MARK],
        "removable": may_remove(scope, household, photo) and not why_closed(scope, household, round_),
        "back": _address(household, round_, photo.look),
    }  # fmt: skip
    context["place"] = [*context["place"][:-1], ("照片", context["back"])]
    return render(request, "assessment/photo.html", context, status=status)


@page(roles.HOUSEHOLD_VIEW, "POST")
def photo_remove(request: HttpRequest, code: str, photo_uuid: uuid.UUID) -> HttpResponse:
    """Needs a reason; the row stays on file."""
    photo = photo_of(request.scope, code, str(photo_uuid))
    form = RemovalForm(request.POST)
    if form.is_valid() or not may_remove(request.scope, photo.household, photo):
        try:
            remove_photo(scope=request.scope, photo=str(photo_uuid), reason=form.cleaned_data.get("reason", ""), origin=origin_of(request))
        except BadInput as refusal:
            form.add_error("reason", refusal.fields["reason"][0])
    if form.errors:
        return _one(request, photo, form, status=400)
    messages.success(request, "照片已移除。")
    return redirect(_address(photo.household, photo.round, photo.look))


@page(roles.HOUSEHOLD_VIEW)
def photo_file(request: HttpRequest, code: str, photo_uuid: uuid.UUID) -> HttpResponse:
    """The picture: a download under a name of ours, and what the page of the photo shows (trust 66, N7)."""
    photo_of(request.scope, code, str(photo_uuid))
    row, content = open_photo(scope=request.scope, photo=str(photo_uuid), origin=origin_of(request))
    return _handed_out(content, row.media_type, f"{row.look}-{row.sha256[:MARK]}.{SUFFIXES[row.media_type]}")


@page(roles.HOUSEHOLD_VIEW)
def photo_thumb(request: HttpRequest, code: str, photo_uuid: uuid.UUID) -> HttpResponse:
    """The small picture, for the pages that show it; those audit the reading."""
    photo_of(request.scope, code, str(photo_uuid))
    return _handed_out(open_thumb(scope=request.scope, photo=str(photo_uuid)), JPEG, "photo.jpg")


def _handed_out(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
