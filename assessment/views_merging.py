"""撤并村: what was merged, the dry run with its confirming step, undoing. The county office's pages (right: county settings)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import roles
from assessment import selectors_merging as merging
from assessment.actions.merging import merge_villages, undo_merge
from assessment.forms_merging import MergeForm, UndoForm
from core.api.paging import Keyset
from core.errors import BadInput, Replayed, StaleVersion, WrongState
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from villages.models import Village

NEWEST = Keyset(("-at", "-pk"))
HERE = [("县设置", "/manage/county/"), ("撤并村", "/villages/merges/")]


@page(roles.COUNTY_SETTINGS)
def merge_list(request: HttpRequest) -> HttpResponse:
    found = paged(request, merging.merges(request.scope), NEWEST, "次")
    context = {"page": found, "villages": merging.mergeable(request.scope), "place": HERE}
    return render(request, "merging/list.html", context | found.links)


@page(roles.COUNTY_SETTINGS, "GET HEAD POST")
def merge_new(request: HttpRequest) -> HttpResponse:
    """The dry run of two villages; a POST confirms what it showed, and shows it anew where something has changed."""
    source, target = _named(request, "source"), _named(request, "target")
    form, error = MergeForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        data = {"digest": request.POST.get("digest", ""), "key": _key(request), "origin": origin_of(request)}
        try:
            made = merge_villages(scope=request.scope, source=source.code, target=target.code, **form.cleaned_data, **data)
        except BadInput as refusal:
            for name, reasons in refusal.fields.items():
                form.add_error(name if name in form.fields else None, reasons)
        except (StaleVersion, WrongState) as refusal:
            error = refusal
        except Replayed as earlier:
            return redirect("village_merge", earlier.object_code)
        else:
            messages.success(request, f"{made.source.short_name}已并入{made.target.short_name}，并入 {made.counts['households']} 户。")
            return redirect("village_merge", made.uuid)
    context = {
        "plan": merging.plan_of(source, target), "form": form, "error": error, "key": _key(request) or request.request_id,
        "place": [*HERE, (f"{source.short_name}并入{target.short_name}", "")],
    }  # fmt: skip
    return render(request, "merging/plan.html", context, status=_status(form, error))


@page(roles.COUNTY_SETTINGS, "GET HEAD POST")
def merge_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What moved, and undoing it."""
    merge = get_object_or_404(merging.merges(request.scope), uuid=uuid)
    form, error = UndoForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            undo_merge(scope=request.scope, uuid=str(uuid), reason=form.cleaned_data["reason"], key=_key(request), origin=origin_of(request))
        except BadInput as refusal:
            for name, reasons in refusal.fields.items():
                form.add_error(name if name in form.fields else None, reasons)
        except WrongState as refusal:
            error = refusal
        except Replayed:
            return redirect("village_merge", uuid)
        else:
            messages.success(request, f"已撤销，{merge.source.short_name}恢复。")
            return redirect("village_merge", uuid)
    reasons = merging.why_not_undone(merge)
    context = {
        "merge": merge, "moved": merging.moved_count(merge), "form": form, "error": error, "reasons": reasons,
        "stay": [] if reasons else merging.homes_that_stay(merge), "key": _key(request) or request.request_id,
        "place": [*HERE, (f"{merge.source.short_name}并入{merge.target.short_name}", "")],
    }  # fmt: skip
    return render(request, "merging/detail.html", context, status=_status(form, error))


def _named(request: HttpRequest, name: str) -> Village:
    """A village of the caller's county, closed ones too: the plan says in words why it cannot go."""
    rows = Village.objects.visible_to(request.scope.narrowed_to(roles.COUNTY_SETTINGS)).select_related("township", "county", "merged_into")
    return get_object_or_404(rows, code=request.POST.get(name) or request.GET.get(name, ""))


def _key(request: HttpRequest) -> str:
    return request.POST.get("key", "")[:64]


def _status(form: MergeForm | UndoForm, error: StaleVersion | WrongState | None) -> int:
    if error is not None:
        return 412 if isinstance(error, StaleVersion) else 409
    return 400 if form.is_bound and form.errors else 200
