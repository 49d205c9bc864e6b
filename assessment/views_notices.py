"""Pages of notices: list, start with preview, one notice with its sheets, poster."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import roles
from assessment import clock, notice_poster, notice_view, selectors_notices
from assessment.actions.notices import NoticeText, post_sheet, start_notice, withdraw_notice
from assessment.forms_notices import PostForm, StartForm, WithdrawForm
from assessment.models import Notice, NoticeStatus
from core.actions import record
from core.api.paging import Keyset
from core.errors import BadInput, Denied, NotFound, WrongState
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters

LONGEST_QUERY = 40
NEWEST_FIRST = Keyset(("-id",))


def asked_of(request: HttpRequest, *names: str) -> dict[str, str]:
    """Words of the address, short and without characters that PostgreSQL refuses."""
    return {name: request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_QUERY] for name in names}


@page(roles.LIST_VIEW)
@remembers_filters
def notice_list(request: HttpRequest) -> HttpResponse:
    now, scope = clock.now(), request.scope
    asked = asked_of(request, "state", "q")
    chosen, counts = selectors_notices.notices(scope, **asked)
    found = paged(request, chosen, NEWEST_FIRST, "份")
    rows = [
        {"notice": row, "state": notice_view.state_of(row, now), "clock": notice_view.clock_of(row, now)}
        for row in found.rows
    ]
    waiting = [
        {"row": row, "may_start": scope.may(row.right, row.place)}
        for row in selectors_notices.waiting_villages(scope)
    ]
    states = [
        ("", "全部", sum(counts.values())),
        *((name, notice_view.STATE_WORDS[name], counts[name]) for name in selectors_notices.STATES),
    ]
    context = {
        "rows": rows,
        "waiting": waiting,
        "states": states,
        "asked": asked,
        "page": found,
        "place": [("公示", "")],
    }
    return render(request, "notices/list.html", context | found.links)


@page(roles.NOTICE_STARTS.values(), "GET HEAD POST")
def notice_new(request: HttpRequest) -> HttpResponse:
    ground = selectors_notices.ground_of(request.scope, *asked_of(request, "round", "stage", "village").values())
    if not request.scope.may(roles.NOTICE_STARTS[ground.stage.level], ground.village):
        raise Denied
    initial = vars_of(notice_view.default_text(ground, clock.now())) | {"key": request.request_id}
    form = StartForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _start(request, ground, form)
        except BadInput as refusal:
            put_back(form, refusal)
    context = {
        "form": form,
        "ground": ground,
        "preview": _preview(request, ground),
        "place": [("公示", "/notices/"), ("发起公示", "")],
    }
    return render(request, "notices/new.html", context, status=400 if form.is_bound else 200)


def vars_of(text: NoticeText) -> dict[str, str]:
    return {name: getattr(text, name) for name in StartForm.TEXT}


def _preview(request: HttpRequest, ground: selectors_notices.Ground) -> notice_view.Preview:
    rows = Notice.objects.visible_to(request.scope).filter(
        round=ground.round, stage=ground.stage.code, village=ground.village
    )
    return notice_view.preview_of(ground, selectors_notices.kind_of(rows), selectors_notices.replaced_by(rows))


def _start(request: HttpRequest, ground: selectors_notices.Ground, form: StartForm) -> HttpResponse:
    text = NoticeText(**{name: form.cleaned_data[name] for name in StartForm.TEXT})
    notice = start_notice(
        scope=request.scope, round_code=ground.round.code, stage=ground.stage.code, village_code=ground.village.code, text=text,
        key=form.cleaned_data["key"], origin=origin_of(request),
    )  # fmt: skip
    messages.success(request, "公示已发起，名单已定稿。请打印张贴，张贴的次日起算；分组张贴的，从最后一组算。")
    return redirect("notice", notice.uuid)


def put_back(form, refusal: BadInput) -> None:
    """The refusal's sentences at their fields; what was typed stays."""
    for name, reasons in refusal.fields.items():
        for reason in reasons:
            form.add_error(name if name in form.fields else None, reason)
    if not refusal.fields:
        form.add_error(None, refusal.message)


@page(roles.LIST_VIEW)
def notice(request: HttpRequest, notice_uuid: UUID) -> HttpResponse:
    return _notice_page(request, selectors_notices.notice_of(request.scope, notice_uuid))


def _notice_page(
    request: HttpRequest,
    found: Notice,
    *,
    posting: tuple[UUID, PostForm] | None = None,
    withdrawal: WithdrawForm | None = None,
) -> HttpResponse:
    context = notice_view.context_of(request.scope, found, clock.now())
    for view in context["views"] if context["may_post"] else []:
        if view.sheet.posted_at is None and not (context["board"] and any(other.form for other in context["views"])):
            own = posting[1] if posting and posting[0] == view.sheet.uuid else None
            view.form = own or _post_form(request, view.sheet.uuid)
    context["withdrawal"] = withdrawal or (_withdraw_form(request) if context["may_withdraw"] else None)
    context["place"] = [("公示", "/notices/"), (f"{found.township.name}{found.village.short_name}", "")]
    return render(request, "notices/notice.html", context, status=400 if posting or withdrawal else 200)


def prefix_of(sheet_uuid: UUID) -> str:
    """Several posting forms stand on one page: each has names and ids of its own."""
    return f"s{sheet_uuid.hex[:8]}"


def _post_form(request: HttpRequest, sheet_uuid: UUID) -> PostForm:
    prefix = prefix_of(sheet_uuid)
    initial = {"posted_at": clock.now(), "posted_name": request.user.name, "key": f"{request.request_id}-{prefix}"}
    return PostForm(initial=initial, prefix=prefix)


def _withdraw_form(request: HttpRequest) -> WithdrawForm:
    return WithdrawForm(initial={"key": request.request_id}, auto_id="w_%s")


@page(roles.NOTICE_POSTS.values(), "POST")
def notice_post(request: HttpRequest, notice_uuid: UUID, sheet_uuid: UUID) -> HttpResponse:
    found = selectors_notices.notice_of(request.scope, notice_uuid)
    if not request.scope.may(selectors_notices.posting_right(found), found):
        raise Denied
    form = PostForm(request.POST, prefix=prefix_of(sheet_uuid))
    if form.is_valid():
        try:
            post_sheet(
                scope=request.scope,
                notice=str(notice_uuid),
                sheet=str(sheet_uuid),
                **form.cleaned_data,
                origin=origin_of(request),
            )
            messages.success(request, "张贴已登记。")
            return redirect("notice", notice_uuid)
        except BadInput as refusal:
            put_back(form, refusal)
    return _notice_page(request, found, posting=(sheet_uuid, form))


@page(roles.NOTICE_WITHDRAW, "POST")
def notice_withdraw(request: HttpRequest, notice_uuid: UUID) -> HttpResponse:
    found = selectors_notices.notice_of(request.scope, notice_uuid)
    form = WithdrawForm(request.POST, auto_id="w_%s")
    if form.is_valid():
        try:
            withdraw_notice(
                scope=request.scope, notice=str(notice_uuid), **form.cleaned_data, origin=origin_of(request)
            )
            messages.success(request, "公示已撤回，没有办结任何一户。名单上的户等待重新公示。")
            return redirect("notice", notice_uuid)
        except BadInput as refusal:
            put_back(form, refusal)
    return _notice_page(request, found, withdrawal=form)


@page(roles.LIST_VIEW)
def notice_print(request: HttpRequest, notice_uuid: UUID) -> HttpResponse:
    """The poster of one group, or of all; full names leave the house, so it is on the trail (trust L1)."""
    found = selectors_notices.notice_of(request.scope, notice_uuid)
    if found.status == NoticeStatus.WITHDRAWN:
        raise WrongState("这份公示已经撤回，不能再打印张贴。")
    sheets = selectors_notices.sheets_of(found, request.GET.get("sheet", ""))
    if not sheets:
        raise NotFound
    posters = notice_poster.posters_of(found, sheets)
    record(
        request.scope,
        "notice.print",
        origin_of(request),
        "notice",
        str(found.uuid),
        place=found,
        households=sum(p.households for p in posters),
    )
    context = {
        "notice": found, "posters": posters, "clock": notice_view.clock_of(found, clock.now()), "stages": notice_view.way_of(found),
        "code": notice_view.grouped_code(found.check_code), "pages": sum(len(poster.pages) for poster in posters),
        "web": request.build_absolute_uri(reverse("public_notice", args=[found.token])),
        "check_url": request.build_absolute_uri(reverse("public_check")), "word": selectors_notices.stage_of(found).notice.word,
        "replaced": notice_view.replacing(found.replaces),
    }  # fmt: skip
    return render(request, "notices/print.html", context)
