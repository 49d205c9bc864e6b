"""The page of one meeting and the posts of its forms. Each post redirects; a refusal draws the page again with what was typed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import reauth, roles
from accounts.standing_in import stands_in
from assessment import desk, desk_batch, desk_columns, differing_desk
from assessment.actions.ballots import BallotEntry, clear_ballot, save_ballot
from assessment.actions.batch import save_batch
from assessment.actions.casework import delegation_of
from assessment.actions.sittings import SittingHead, close_sitting, drop_sitting, save_head
from assessment.desk import KIN, Typed, Wanted
from assessment.desk_card import card_of, case_of
from assessment.docket import Docket
from assessment.forms_sittings import members_of, version_of, whole
from assessment.models import Case, SittingStatus
from assessment.recusal import NAMESAKE, RECUSED
from assessment.sample_page import on_desk
from assessment.views_sittings import place_of
from core.errors import BadInput, NotFound, StaleVersion, WrongState
from core.web.errors import status_of
from core.web.middleware import origin_of
from core.web.pages import page

SHOWN_ERRORS = (BadInput, StaleVersion, WrongState)
HEAD_FIELDS = {"panel": "head", "checks": "head"}


@page(roles.LIST_VIEW)
@stands_in
def sitting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The list with its chosen household; for all stages, open or closed."""
    return _desk_page(request, uuid, desk.wanted_of(request.GET))


@page(roles.LIST_VIEW, "POST")
@stands_in
def sitting_head(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep the head; or bring in the rows of a saved panel, which keeps nothing yet."""
    wanted, data = desk.wanted_of(request.POST), request.POST
    if "load" in data:
        return _desk_page(request, uuid, wanted, Typed("head", data))
    try:
        table = desk.open_desk(request.scope, uuid)
        save_head(scope=request.scope, sitting=str(uuid), version=version_of(data), head=_head(table, data), origin=origin_of(request))
    except SHOWN_ERRORS as error:
        return _desk_page(request, uuid, wanted, Typed("head", data, error))
    messages.success(request, "会议情况已保存。")
    return redirect(_address(uuid, case=wanted.case, show=wanted.show))


def _head(table: Docket, data) -> SittingHead:
    form = desk.head_form(table, data)
    if not form.is_valid():
        raise BadInput("会议情况有误，没有保存。", fields={name: list(errors) for name, errors in form.errors.items()})
    values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    if "missing_reason" not in form.fields:
        values["missing_reason"] = table.sitting.missing_reason
    return SittingHead(**values, panel=members_of(data), checks=form.checks_typed())


@page(roles.LIST_VIEW, "POST")
@stands_in
def sitting_ballots(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One household's answer, or taking it back; then the next household without one."""
    data, wanted = request.POST, desk.wanted_of(request.POST)
    common = {"scope": request.scope, "sitting": str(uuid), "case": _uuid(wanted.case), "version": version_of(data), "origin": origin_of(request)}
    try:
        if "clear" in data:
            clear_ballot(**common)
            return redirect(_address(uuid, case=wanted.case, show=wanted.show) + "#hh")
        save_ballot(**common, entry=_entry(data))
    except NotFound:  # of the meeting's village but not on its list: it has moved since; else the page below is not found either
        gone = WrongState("这一户已不在这份名单上，没有保存。", code="not_on_list")
        return _desk_page(request, uuid, wanted, Typed("ballot", data, gone))
    except SHOWN_ERRORS as error:
        return _desk_page(request, uuid, wanted, Typed("ballot", data, error))
    return redirect(_address(uuid, done=wanted.case, show=wanted.show) + "#hh")


def _entry(data) -> BallotEntry:
    """Grounds are sent per answer, so that those of another answer, ticked before, do not go along."""
    opinion = data.get("opinion", "")
    return BallotEntry(
        opinion=opinion, category=data.get("category", "") if opinion == "agree" else "", votes_for=whole(data.get("votes_for")),
        votes_against=whole(data.get("votes_against")), return_to=data.get("return_to", "") if opinion == "return" else "",
        reasons=data.getlist(f"reasons-{opinion}"), note=data.get("note", ""), checks_failed=data.getlist("checks_failed"),
        recused=_kin(data, RECUSED), namesakes=_kin(data, NAMESAKE),
    )  # fmt: skip


def _kin(data, answer: str) -> list[str]:
    """Names of the panel that this was answered of: each has a field of its own, kin:张三."""
    return [name.removeprefix(KIN) for name in data if name.startswith(KIN) and data[name] == answer]


@page(roles.LIST_VIEW, "POST")
@stands_in
def sitting_batch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One answer for many households; the page that follows says of each whether it was kept, and why not. 207 when some were not."""
    data, wanted = request.POST, desk.wanted_of(request.POST)
    table = _table(request, uuid)
    try:
        outcomes = save_batch(
            scope=request.scope, sitting=str(uuid), chosen=desk_batch.picked_of(data, table, wanted.show), version=version_of(data),
            entry=_entry(data), overwrite="overwrite" in data, key=data.get("key", "")[:64], origin=origin_of(request),
        )  # fmt: skip
    except SHOWN_ERRORS as error:
        return _desk_page(request, uuid, wanted, Typed("batch", data, error))
    if outcomes is None:
        messages.info(request, "这一批意见已经记过，没有再记。")
        return redirect(_address(uuid, show=wanted.show))
    result = desk_batch.result_of(outcomes)
    context = desk.frame_of(table) | {
        "base": reverse("sitting", args=[uuid]), "show": wanted.show, "result": result, "word": table.stage.words.of(data["opinion"]),
        "place": place_of(table.sitting.village, table.stage.name),
    }  # fmt: skip
    return render(request, "sittings/batch_result.html", context, status=207 if result.refused else 200)


@page(roles.LIST_VIEW, "POST")
@stands_in
def sitting_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """锁定名单: a repeat of the same click shows the same result (trust 3, 73)."""
    data, wanted = request.POST, desk.wanted_of(request.POST)
    if not reauth.is_fresh(request):
        messages.info(request, "锁定名单之前请再输入一次密码；已填的意见都还在。")
        return reauth.ask(reverse("sitting", args=[uuid]))
    try:
        closed = close_sitting(
            scope=request.scope, sitting=str(uuid), version=version_of(data), rest_agree="rest_agree" in data,
            count=whole(data.get("count")) or 0, mark=data.get("mark", "")[:64], key=data.get("key", "")[:64], origin=origin_of(request),
        )  # fmt: skip
    except SHOWN_ERRORS as error:
        return _desk_page(request, uuid, wanted, Typed("close", data, error))
    messages.success(request, f"名单已锁定，{sum(closed.counts.get(code, 0) for code in ('agree', 'return', 'reject'))} 户。")
    return redirect("sitting", uuid)


@page(roles.LIST_VIEW, "POST")
@stands_in
def sitting_drop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    try:
        drop_sitting(scope=request.scope, sitting=str(uuid), key=request.POST.get("key", "")[:64], origin=origin_of(request))
    except SHOWN_ERRORS as error:
        return _desk_page(request, uuid, Wanted(), Typed("drop", request.POST, error))
    messages.success(request, "会议已取消，名单上的户还在这一阶段等候。")
    return redirect("sittings")


# --- drawing ---------------------------------------------------------------------------------------------------


def _desk_page(request: HttpRequest, uuid: UUID, wanted: Wanted, typed: Typed = Typed()) -> HttpResponse:  # noqa: B008 (frozen)
    table, base = _table(request, uuid), reverse("sitting", args=[uuid])
    line = desk.chosen_line(table, wanted)
    typed = _with_stale(table, line, typed)
    lines = desk.shown(table, wanted.show)
    previous_url, next_url = desk.neighbours(table, line, base, wanted.show)
    context = desk.frame_of(table) | {
        "base": base, "show": wanted.show, "shows": desk.filters(table, base, wanted.show), "tally": desk.tally_of(table),
        "rows": desk.rows_of(table, lines, base, wanted.show), "chosen_by_hand": bool(wanted.case or (wanted.done and line and not line.opinion)),
        "chosen_uuid": wanted.case or (str(line.case.uuid) if line else ""), "previous_url": previous_url, "next_url": next_url,
        "head": desk.head_of(request.scope, table, typed), "just_done": _just_done(table, wanted), "links": _links(request, table),
        "place": place_of(table.sitting.village, table.stage.name), "behalf": delegation_of(request.scope, table.stage, table.sitting) if table.may_decide else None,
        "opens_file": (opens := request.own_scope.sees(table.sitting)), "file_closed": not opens, "stale": typed.stale,
        "ranked": _ranked_here(table), **_household(request, table, line, wanted, typed),
    }  # fmt: skip
    if table.open:
        context |= {"close": desk.close_of(table, typed.data.get("key") or request.request_id, typed), "drop_key": request.request_id}
    else:
        context |= {"result": desk.result_of(table), "papers": desk.papers_of(request.scope, table.sitting)}
    context |= _error(table, typed) | _more(request, table, context, base, wanted, typed)
    return render(request, "sittings/desk.html", context, status=status_of(typed.error) if typed.error else 200)


def _table(request: HttpRequest, uuid: UUID) -> Docket:
    """The docket in the clerk's own order."""
    return desk_columns.in_order(desk.open_desk(request.scope, uuid), desk_columns.sort_of(request))


def _ranked_here(table: Docket) -> bool:
    """Once every sheet of the queue is complete, each household has a place in it."""
    return bool(table.queue and table.queue.queue.complete)


def _more(request: HttpRequest, table: Docket, frame: dict[str, object], base: str, wanted: Wanted, typed: Typed) -> dict[str, object]:
    """Heads of the columns, the form for many, the next village."""
    key = typed.data.get("key") if typed.form == "batch" else ""
    return {
        "columns": desk_columns.heads(table, desk_columns.sort_of(request), base, wanted.show, str(frame["prior_votes"]), ranked=_ranked_here(table)),
        "batch": desk_batch.batch_of(table, wanted.show, key or f"batch-{request.request_id}", typed),
        "next_village": desk_batch.next_village(request.scope, table.sitting),
    }


def _household(request: HttpRequest, table: Docket, line, wanted: Wanted, typed: Typed) -> dict[str, object]:
    """The card, and its form where the caller may decide."""
    case: Case | None = line.case if line else (case_of(request.scope, table.sitting, _uuid(wanted.case)) if wanted.case else None)
    context: dict[str, object] = {"card": card_of(request.scope, case, table.sitting.round) if case else None, "on_list": line is not None}
    context |= on_desk(request.scope, table, case) | differing_desk.on_desk(table)
    if line is None:
        return context | ({"off_list": _where_now(table, case)} if case else {})
    context |= {"rank": line.rank, "blocked": line.refused, "blocked_who": line.who, "has_next": table.tally.blank > (0 if line.opinion else 1)}
    return context | (desk.ballot_of(table, line, typed) if table.open else {})


def _where_now(table: Docket, case: Case) -> str:
    if case.state in ("open", "held"):
        return f"它在{table.procedure.by_code[case.stage].name}。" + ("有异议正在核查。" if case.state == "held" else "")
    return f"它{case.get_state_display()}。"


def _with_stale(table: Docket, line, typed: Typed) -> Typed:
    """What changed and the way on; the next post then counts from what is shown now."""
    if not isinstance(typed.error, StaleVersion):
        return typed
    lines = desk.clash_of(table, line) if typed.form == "ballot" else []
    way = {
        "ballot": "您填的还在下面；要改成您的，再按一次“记下”。",
        "head": "您填的还在下面；看过名单和别人填的，再按一次“保存会议情况”。",
        "close": "名单和意见已是最新的；看过以后，再锁定。",
    }.get(typed.form, "看过最新的内容再办。")
    return Typed(typed.form, typed.data, typed.error, {"message": typed.error.message, "lines": lines, "way": way})


def _error(table: Docket, typed: Typed) -> dict[str, object]:
    """The error with the way to each field. An answer whose form is gone is told again: nothing typed is lost."""
    error = typed.error
    if error is None or typed.stale:
        return {}
    prefix = "head-" if typed.form == "head" else ""
    rows = [(_anchor(name, prefix), text) for name, texts in error.fields.items() for text in texts]
    said = {text for _, text in rows}
    rows += [("", text) for text in error.reasons if text not in said]
    if typed.form == "ballot" and isinstance(error, WrongState):
        word = table.stage.words.of(typed.data["opinion"]) if typed.data.get("opinion") in ("agree", "return", "reject") else ""
        rows.append(("", f"您刚才填的：{'；'.join(part for part in (word, typed.data.get('note', '')) if part) or '没有内容'}"))
    return {"error": error, "error_rows": rows}


def _anchor(name: str, prefix: str) -> str:
    if not prefix:
        return f"#{name}" if name in ("votes_for", "votes_against", "category", "return_to", "note") else "#hh"
    if name == "ranking":
        return "#close"
    if name == "sample":
        return "#sample"
    return "#head" if name in HEAD_FIELDS or name.startswith("check-") else f"#{prefix}{name}"


def _just_done(table: Docket, wanted: Wanted):
    return next((line for line in table.lines if wanted.done and str(line.case.uuid) == wanted.done and line.opinion), None)


def _links(request: HttpRequest, table: Docket) -> list[dict[str, str]]:
    """Papers to print, blank ones for the meeting itself while it is open, and to file."""
    uuid, blank = table.sitting.uuid, "?blank=1" if table.open else ""
    word = "空白" if table.open else ""
    rows = [(f"{word}会议记录", reverse("sitting_minutes_print", args=[uuid]) + blank, "print")]
    if table.stage.panel:
        rows.append((f"{word}签到表", reverse("sitting_sign_in_print", args=[uuid]) + blank, "print"))
    if request.scope.may(roles.SITTING_RIGHTS[table.stage.level], table.sitting):
        rows.append(("上传签字件", reverse("evidence_new") + f"?sitting={uuid}", "upload"))
    if table.queue and table.sitting.status != SittingStatus.DROPPED:
        rows.insert(0, ("逐户排队", reverse("sitting_ranking", args=[uuid]), "list"))
    if table.stage.code == table.procedure.first.code and table.sitting.group_id:
        rows.append(("农户签字", reverse("signing", args=[table.sitting.round.code, table.sitting.group.code]), "upload"))
    return [{"label": label, "url": url, "icon": icon} for label, url, icon in rows]


def _uuid(text: str) -> str:
    """A household's id as sent; one that nothing has for what is no id."""
    try:
        return str(UUID(text))
    except ValueError:
        return str(UUID(int=0))


def _address(uuid: UUID, **query: str) -> str:
    kept = "&".join(f"{name}={value}" for name, value in query.items() if value and (name, value) != ("show", "all"))
    return reverse("sitting", args=[uuid]) + (f"?{kept}" if kept else "")


