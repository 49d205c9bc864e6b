"""转户 and 迁移 over the border: what waits for me, what my side asked, and one request with its answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from core.api.paging import Keyset
from core.errors import BadInput
from core.web.filter_boxes import filter_boxes
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.posted import posted_version
from core.web.remembered import remembers_filters
from households import selectors_family
from households.actions import family
from households.codes import LEAVING, RELATION
from households.forms_family import AnswerForm, TransferFilter
from households.models import Transfer
from households.views_family import put_back

NEWEST_FIRST, LONGEST_WAITING = Keyset(("-id",)), Keyset(("id",))
CSS = {"asked": "now", "agreed": "done", "refused": "back", "withdrawn": "todo"}


@page(roles.TRANSFER_ANSWER)
@remembers_filters
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Newest first; of those that wait for me, who has waited longest."""
    chosen = TransferFilter(request.GET)
    rows = selectors_family.transfers_listed(request.scope, chosen.which, chosen.state_chosen)
    found = paged(request, rows, LONGEST_WAITING if chosen.which == selectors_family.WAITING else NEWEST_FIRST, "件")
    mine = selectors_family.transfers_waiting(request.scope).filter(pk__in=[row.pk for row in found.rows]).values_list("pk", flat=True)
    waiting = set(mine)
    lines = [{"transfer": row, "css": CSS[row.state], "waits": row.pk in waiting, "who": _who(row)} for row in found.rows]
    context = {
        "lines": lines, "page": found, "filters": filter_boxes(chosen), "narrowed": bool(chosen.state_chosen), "lists": chosen.LISTS.items(),
        "which": chosen.which, "title": chosen.LISTS[chosen.which],
    }  # fmt: skip
    return render(request, "households/family/transfers.html", context | found.links)


def _who(row: Transfer) -> str:
    return row.membership.person.name if row.membership_id else f"{row.household.head_name}全户"


@page(roles.TRANSFER_ANSWER, "GET HEAD POST")
def transfer_page(request: HttpRequest, uuid: str) -> HttpResponse:
    """One request; `do` = agree, refuse (the other side) or withdraw (the side that asked)."""
    transfer = selectors_family.transfer_of(request.scope, str(uuid))
    form = AnswerForm(request.POST if request.method == "POST" else None, transfer=transfer)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _do(request, transfer, form))
            return redirect("transfer", transfer.uuid)
        except BadInput as error:
            put_back(form, error)
    return render(request, "households/family/transfer.html", _context(request, transfer, form), status=400 if form.errors else 200)


def _do(request: HttpRequest, transfer: Transfer, form: AnswerForm) -> str:
    version, do, data = posted_version(request), request.POST.get("do", ""), form.cleaned_data
    call = {"scope": request.scope, "uuid": str(transfer.uuid), "version": version, "origin": origin_of(request)}
    if do == "withdraw":
        family.withdraw_transfer(**call)
        return "申请已撤回。"
    if do not in ("agree", "refuse"):
        raise BadInput("请选同意或不同意。")
    answer = family.Answer(do == "agree", data["note"], data.get("relation", ""), data.get("group", ""))
    family.answer_transfer(**call, answer=answer)
    return "已同意，两边已办好。" if answer.agree else "已答复不同意，对方能看到理由。"


def _context(request: HttpRequest, transfer: Transfer, form: AnswerForm) -> dict[str, object]:
    scope = request.scope
    open_ = transfer.state == "asked"
    mine = transfer.asked_by_id == scope.actor_id
    answers = scope.may(roles.TRANSFER_ANSWER, selectors_family.other_side(transfer))
    member = transfer.membership
    return {
        "transfer": transfer, "form": form, "css": CSS[transfer.state], "who": _who(transfer), "member": member,
        "relation": RELATION.label(transfer.relation), "reason": LEAVING.items.get(transfer.reason, ""),
        "note": selectors_family.transfer_note(scope, transfer), "may_answer": open_ and answers and not mine,
        "must_be_other": open_ and answers and mine,
        "may_withdraw": open_ and scope.may(roles.FAMILY_EVENT, selectors_family.asking_side(transfer)),
    }  # fmt: skip
