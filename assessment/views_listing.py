"""列入名单: which households the assembly discusses, where the procedure visits only afterwards (D6-06)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import roles
from assessment import selectors, selectors_list
from assessment.actions.listing import MOST, list_households, require_listing
from assessment.procedures import Level, procedure_of
from core.errors import BadInput, Denied
from core.web.middleware import origin_of
from core.web.pages import page


@page(roles.SITTING_RIGHTS[Level.GROUP], "GET HEAD POST")
def listing(request: HttpRequest, code: str, village_code: str) -> HttpResponse:
    """Households of the village that are on no list of the round, to tick; what was ticked stays ticked after a refusal."""
    round_ = get_object_or_404(selectors.rounds(request.scope), code=code)
    village = selectors_list.village_of(request.scope, round_, village_code)
    if not request.scope.may(roles.SITTING_RIGHTS[Level.GROUP], village):
        raise Denied
    procedure = procedure_of(round_.procedure)
    require_listing(procedure)
    chosen, error = request.POST.getlist("households")[: MOST + 1], None
    if request.method == "POST":
        data = {"households": chosen, "key": request.POST.get("key", "")[:64], "origin": origin_of(request)}
        try:
            number = list_households(scope=request.scope, round_code=code, village_code=village_code, **data)
        except BadInput as refusal:
            error = refusal
        else:
            messages.success(request, f"已把 {number} 户列入{procedure.first.list_name}，等{procedure.first.name}。")
            return redirect("village_list", code, village_code)
    context = {
        "round": round_, "village": village, "stage": procedure.first, "rows": selectors_list.unlisted(request.scope, round_, village, MOST),
        "chosen": set(chosen), "error": error, "key": request.POST.get("key", "")[:64] or request.request_id,
        "place": [("识别批次", "/rounds/"), (round_.name, f"/rounds/{code}/"), (village.short_name, f"/rounds/{code}/villages/{village_code}/"), ("列入名单", "")],
    }  # fmt: skip
    return render(request, "rounds/listing.html", context, status=400 if error else 200)
