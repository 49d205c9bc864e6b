"""证件材料: what a household has to sign, what it has signed, uploading a scan, signing on the screen, 作废."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import content_disposition_header

from accounts import roles
from core.errors import BadInput, Denied, NotFound, WrongState
from core.uploads.scans import SUFFIXES
from core.web.middleware import origin_of
from core.web.pages import page
from households.actions.papers import add_paper, open_paper, set_aside_paper, sign_on_screen
from households.consent import BY_KIND, SignedPaper
from households.forms_papers import PROXY, PaperForm, ScreenForm, SignerForm
from households.models import Household, Paper
from households.paper_context import context_of
from households.selectors import visible_household
from households.selectors_papers import lines_of, needed
from households.views import place_of

MARK = 8


@page(roles.HOUSEHOLD_VIEW)
def household_papers(request: HttpRequest, code: str) -> HttpResponse:
    household = visible_household(request.scope, code)
    return _list_page(request, household)


def _list_page(request: HttpRequest, household: Household, refused: dict[str, object] | None = None) -> HttpResponse:
    context = context_of(household)
    lines = lines_of(request.scope, household, context)
    needs = [{"need": need, "print": print_url(need.paper.kind, household.code)} for need in needed(lines, context)]
    shown = {"household": household, "needs": needs, "lines": lines, "round_name": context.round_name, "key": request.request_id}
    shown |= {"may_sign": request.scope.may(roles.PAPER_SIGN, household) and not household.closed_on, "refused": refused}
    return render(request, "households/papers.html", shown | {"place": _place(household)}, status=400 if refused else 200)


@page(roles.PAPER_SIGN, "GET HEAD POST")
def household_paper_new(request: HttpRequest, code: str) -> HttpResponse:
    """`?kind=` says which paper was signed."""
    household, paper = _signed(request, code)
    form = PaperForm(request.POST or None, request.FILES or None, paper=paper, household=household, initial=_initial(request))
    if request.method == "POST" and form.is_valid() and (made := _added(request, form, household)):
        messages.success(request, f"已保存《{paper.name}》，文件校验码 {made.sha256[:MARK]}。")
        return redirect("household_papers", household.code)
    return _form_page(request, "households/paper_new.html", household, paper, form)


@page(roles.PAPER_SIGN, "GET HEAD POST")
def household_paper_sign(request: HttpRequest, code: str) -> HttpResponse:
    """The household reads what it signs and signs with its finger; without JavaScript the page leads to the upload."""
    household, paper = _signed(request, code)
    form = ScreenForm(request.POST or None, paper=paper, household=household, initial=_initial(request))
    if request.method == "POST" and form.is_valid() and _drawn(request, form, household):
        messages.success(request, f"《{paper.name}》已签字。")
        return redirect(_after_signing(request, household, form))
    return _form_page(request, "households/paper_sign.html", household, paper, form)


@page(roles.PAPER_SIGN, "POST")
def household_paper_set_aside(request: HttpRequest, paper_uuid: uuid.UUID) -> HttpResponse:
    reason, key = request.POST.get("reason", ""), request.POST.get("key", "")
    try:
        row = set_aside_paper(scope=request.scope, paper=str(paper_uuid), reason=reason, key=key, origin=origin_of(request))
    except BadInput as refusal:
        row = Paper.objects.visible_to(request.scope).select_related("household").filter(uuid=paper_uuid).first()
        if row is None:
            raise
        said = [line for lines in refusal.fields.values() for line in lines] or [refusal.message]
        return _list_page(request, visible_household(request.scope, row.household.code), {"paper": row.uuid, "said": said, "reason": reason})
    messages.success(request, f"《{row.get_kind_display()}》已作废，请补一份正确的。")
    return redirect("household_papers", row.household.code)


@page(roles.HOUSEHOLD_VIEW)
def household_paper_file(request: HttpRequest, paper_uuid: uuid.UUID) -> HttpResponse:
    """Always a download under a name of ours, never shown inside a page of ours (trust 66, N7)."""
    row, content = open_paper(scope=request.scope, paper=str(paper_uuid), origin=origin_of(request))
    response = HttpResponse(content, content_type=row.media_type)
    name = f"{row.get_kind_display()}-{row.sha256[:MARK]}.{SUFFIXES[row.media_type]}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def print_url(kind: str, code: str) -> str:
    """The printable paper, of the app that prints; "" as long as there is none."""
    address = f"/papers/{kind}/{code}/"
    try:
        resolve(address)
    except (Resolver404, Http404):
        return ""
    return address


def _signed(request: HttpRequest, code: str) -> tuple[Household, SignedPaper]:
    household = visible_household(request.scope, code)
    if not request.scope.may(roles.PAPER_SIGN, household):
        raise Denied
    if household.closed_on:  # its list of signers is empty: without this the form would complain of that
        raise WrongState("这一户已销户，不再收签字材料。", code="closed")
    paper = BY_KIND.get(request.GET.get("kind", ""))
    if paper is None:
        raise NotFound("请从证件材料页进来，选要签的材料。")
    return household, paper


def _after_signing(request: HttpRequest, household: Household, form: ScreenForm) -> str:
    """To the list, or on to the next paper with the same signer: it is drawn anew, only the choice is kept."""
    later = _next_unsigned(request, household, form.paper) if request.POST.get("then") == "next" else None
    if later is None:
        return reverse("household_papers", args=[household.code])
    signer = form.cleaned_data["signer"]
    kept = {"signer": signer} if signer != PROXY else {}
    return f"{reverse('household_paper_sign', args=[household.code])}?{urlencode({'kind': later.kind} | kept)}"


def _next_unsigned(request: HttpRequest, household: Household, paper: SignedPaper) -> SignedPaper | None:
    """The first other kind that has no paper yet."""
    context = context_of(household)
    needs = needed(lines_of(request.scope, household, context), context)
    return next((need.paper for need in needs if need.newest is None and need.paper.kind != paper.kind), None)


def _initial(request: HttpRequest) -> dict[str, str]:
    return {"key": request.request_id, "surveyor_name": request.scope.actor_label, "signer": request.GET.get("signer", "")[:36]}


def _added(request: HttpRequest, form: PaperForm, household: Household) -> Paper | None:
    data = {"scope": request.scope, "household": household.code, "entry": form.entry(), "key": form.cleaned_data["key"]}
    try:
        return add_paper(**data, file=form.cleaned_data["file"], origin=origin_of(request))
    except BadInput as refusal:
        return _put_back(form, refusal)


def _drawn(request: HttpRequest, form: ScreenForm, household: Household) -> Paper | None:
    data = {"scope": request.scope, "household": household.code, "entry": form.entry(), "key": form.cleaned_data["key"]}
    try:
        return sign_on_screen(**data, drawing=form.cleaned_data["drawing"], origin=origin_of(request))
    except BadInput as refusal:
        return _put_back(form, refusal)


def _put_back(form: SignerForm, refusal: BadInput) -> None:
    for name, sentences in (refusal.fields or {"": [refusal.message]}).items():
        for sentence in sentences:
            form.add_error(name if name in form.fields and name != "drawing" else None, sentence)


def _form_page(request: HttpRequest, template: str, household: Household, paper: SignedPaper, form: SignerForm) -> HttpResponse:
    context = {"household": household, "paper": paper, "form": form, "print": print_url(paper.kind, household.code)}
    context |= {"place": _place(household, paper.name), "action": f"?kind={paper.kind}", "later": _next_unsigned(request, household, paper)}
    return render(request, template, context, status=400 if request.method == "POST" else 200)


def _place(household: Household, here: str = "") -> list[tuple[str, str]]:
    """县 / 乡镇 / 村 / 户 / 证件材料."""
    own = reverse("household", args=[household.code])
    papers = reverse("household_papers", args=[household.code])
    return [*place_of(household)[:-1], (f"{household.head_name}户", own), ("证件材料", papers if here else ""), *([(here, "")] if here else [])]
