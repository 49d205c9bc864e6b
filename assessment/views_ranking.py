"""逐户排队 of a group's meeting: overview, one sheet a scorer, the line, ties, ballots from the queue. A refusal keeps what was typed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import roles
from assessment import ranking_page
from assessment.actions.ranking import break_tie, choose_way, clear_sheet, draw_line, save_sheet
from assessment.actions.ranking_fill import fill_ballots
from assessment.docket import Docket, docket
from assessment.forms_ranking import Typed, entry_of, tie_of, typed_of
from assessment.forms_sittings import version_of, whole
from assessment.views_sittings import place_of
from core.errors import BadInput, DomainError, StaleVersion, WrongState
from core.web.errors import status_of
from core.web.middleware import origin_of
from core.web.pages import page

SHOWN_ERRORS = (BadInput, StaleVersion, WrongState)


@page(roles.LIST_VIEW)
def ranking(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Whose sheets are there, the queue, its line and what it leads to."""
    return _overview(request, uuid)


@page(roles.LIST_VIEW, "GET HEAD POST")
def ranking_sheet(request: HttpRequest, uuid: UUID, seat: int) -> HttpResponse:
    """One scorer's places; POST keeps them, all or some."""
    table = docket(request.scope, uuid)
    found = ranking_page.queue_of(table)
    if request.method != "POST":
        return _sheet_page(request, table, seat)
    data, scorer = request.POST, request.POST.get("scorer", "")
    common = {"scope": request.scope, "sitting": str(uuid), "scorer": scorer, "version": version_of(data), "origin": origin_of(request)}
    typed = typed_of(data, found.cases)
    try:
        if data.get("do") == "clear":
            clear_sheet(**common)
            messages.success(request, "排队表已清除。")
            return redirect("sitting_ranking", uuid)
        if typed.faults and table.may_decide:
            raise BadInput("排队表有误，没有保存。", fields=dict(typed.faults))
        saved = save_sheet(**common, entry=entry_of(typed, data.get("mark", "")[:16]), key=data.get("key", "")[:64])
    except SHOWN_ERRORS as error:
        return _sheet_page(request, table, seat, Typed(typed.boxes, typed.same, typed.bulk, error.fields), error)
    left = len(found.cases) - len(saved.places) - len(saved.stepped_back)
    messages.success(request, f"{scorer or ranking_page.JOINT_NAME}的排队表已保存" + (f"，还缺 {left} 户。" if left else "，已排完。"))
    return redirect("sitting_ranking_sheet", uuid, seat) if left else redirect("sitting_ranking", uuid)


@page(roles.LIST_VIEW, "POST")
def ranking_way(request: HttpRequest, uuid: UUID) -> HttpResponse:
    try:
        choose_way(scope=request.scope, sitting=str(uuid), way=request.POST.get("way", "")[:8], origin=origin_of(request))
    except SHOWN_ERRORS as error:
        return _overview(request, uuid, error)
    return redirect("sitting_ranking", uuid)


@page(roles.LIST_VIEW, "POST")
def ranking_line(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Draw the line; through a tie it comes back with the households to put in order."""
    data = request.POST
    taken = whole(data.get("taken"))
    try:
        if taken is None or taken < 0:
            raise BadInput("没有划线。", fields={"taken": ["请填从队尾取多少户，可以是 0。"]})
        _draw(request, uuid, data, taken)
    except SHOWN_ERRORS as error:
        return _overview(request, uuid, error, taken=taken)
    return redirect("sitting_ranking", uuid)


@page(roles.LIST_VIEW, "POST")
def ranking_tie(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write down who of equals goes first; then the line that waited for it is drawn."""
    data, taken = request.POST, whole(request.POST.get("taken"))
    try:
        break_tie(
            scope=request.scope, sitting=str(uuid), mark=data.get("queue", "")[:16], entry=tie_of(data), key=data.get("key", "")[:60], origin=origin_of(request)
        )
    except SHOWN_ERRORS as error:
        return _overview(request, uuid, error, taken=taken)
    found = ranking_page.queue_of(docket(request.scope, uuid))
    if taken is None or taken < 0 or found.drawn:
        return redirect("sitting_ranking", uuid)
    again = QueryDict(mutable=True)
    again.update({"queue": found.queue.mark, "key": f"{data.get('key', '')[:60]}-l" if data.get("key") else ""})
    try:
        _draw(request, uuid, again, taken)
    except SHOWN_ERRORS as error:
        return _overview(request, uuid, error, taken=taken)
    return redirect("sitting_ranking", uuid)


@page(roles.LIST_VIEW, "POST")
def ranking_ballots(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """按排队结果填意见; each household that was left out stands on the page with its reason."""
    data = request.POST
    try:
        results = fill_ballots(
            scope=request.scope, sitting=str(uuid), mark=data.get("queue", "")[:16], key=data.get("key", "")[:64], origin=origin_of(request)
        )
    except SHOWN_ERRORS as error:
        return _overview(request, uuid, error)
    left = [result for result in results if result.reason]
    said = f"按排队结果填了 {len(results) - len(left)} 户的意见" + (f"，没有填 {len(left)} 户，原因写在各户后面。" if left else "。")
    messages.success(request, said if results else "已经填过了。")
    return redirect(reverse("sitting_ranking", args=[uuid]) + "#queue")


def _draw(request: HttpRequest, uuid: UUID, data: QueryDict, taken: int) -> None:
    draw_line(
        scope=request.scope, sitting=str(uuid), mark=data.get("queue", "")[:16], taken=taken, key=data.get("key", "")[:64], origin=origin_of(request)
    )
    messages.success(request, f"线已划好：从队尾取 {taken} 户列为贫困户。")


# --- drawing ----------------------------------------------------------------------------------------------------


def _overview(request: HttpRequest, uuid: UUID, error: DomainError | None = None, taken: int | None = None) -> HttpResponse:
    table = docket(request.scope, uuid)
    context = _frame(request, table) | ranking_page.page_of(request.scope, table) | {"error": error, "typed_taken": taken}
    found = context["found"]
    context["tie"] = ranking_page.tie_form(found, taken, request.POST) if error and taken is not None and table.may_decide else None
    context["mark"] = found.queue.mark
    return render(request, "sittings/ranking.html", context, status=status_of(error) if error else 200)


def _sheet_page(request: HttpRequest, table: Docket, seat: int, typed: Typed | None = None, error: DomainError | None = None) -> HttpResponse:
    table = docket(request.scope, table.sitting.uuid) if error else table  # as it stands now
    found = ranking_page.queue_of(table)
    scorer = request.POST.get("scorer", "")[:32] if error else ranking_page.seat_of(found, seat)  # what was typed is shown though the seat is gone
    sheet = ranking_page.sheet_of(found, scorer, typed)
    if error and not isinstance(error, StaleVersion):  # a refused post goes on from the version it was opened with
        sheet |= {"version": request.POST.get("version", "")}
    known = {row["uuid"] for row in sheet["rows"]} | {"bulk"}
    faults = [(f"#p-{name}" if name in known else "", text) for name, texts in (error.fields.items() if error else ()) for text in texts]
    context = _frame(request, table) | sheet | {"seat": seat, "error": error, "error_rows": faults, "found": found}
    return render(request, "sittings/ranking_sheet.html", context, status=status_of(error) if error else 200)


def _frame(request: HttpRequest, table: Docket) -> dict[str, object]:
    sitting = table.sitting
    return {
        "sitting": sitting, "stage": table.stage, "area_name": table.area, "may_decide": table.may_decide, "key": request.request_id,
        "place": [*place_of(sitting.village, table.stage.name)[:-1], (table.stage.name, reverse("sitting", args=[sitting.uuid])), ("逐户排队", "")],
        "round_label": sitting.round.name, "round_url": reverse("round", args=[sitting.round.code]),
    }  # fmt: skip
