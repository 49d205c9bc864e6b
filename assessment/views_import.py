"""Pages of the import: history, upload, one run with its progress, problems and confirmation."""

import io
import tempfile
import uuid
from pathlib import Path

from django import forms
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.roles import IMPORT_RUN
from assessment.filters_import import ImportFilter
from assessment.importing import report, service, stages, undo, verdicts
from core.actions import record
from core.api.paging import Keyset
from core.errors import BadInput
from core.web.filter_boxes import filter_boxes
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters
from households.models import ImportRun

SUSPICIONS_SHOWN = 200
PROBLEMS_A_PAGE, DIFFERENCES_A_PAGE = 100, 50
NEWEST_FIRST, AS_LISTED = Keyset(("-created_at", "-id")), Keyset(("id",))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(forms.Form):
    round = forms.ModelChoiceField(label="识别批次", queryset=None, to_field_name="code", empty_label=None)
    file = forms.FileField(
        label="花名册文件",
        help_text="全国版式花名册（工作表“花名册”，26列），或户表（53列）、人口表（47列），可同时带工作表“六看评估”。.xlsx 或 .csv，编码列须为文本格式。",
    )
    dry_run = forms.BooleanField(
        label="先核对，由我看过结果后再确认导入",
        required=False,
        initial=True,
        help_text="不勾选时，没有错误就直接导入。",
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, scope, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = service.rounds_to_import(scope)


@page(IMPORT_RUN)
@remembers_filters
def import_list(request: HttpRequest) -> HttpResponse:
    chosen = ImportFilter(request.GET, queryset=service.my_runs(request.scope, request.user), request=request)
    found = paged(request, chosen.qs, NEWEST_FIRST, "次")
    names = {spot.code: spot.name for spot in chosen.places.townships}
    rows = [
        {"run": run, "state": report.shown_state(run), "figures": report.figures(run), "townships": report.townships_of(run, names)}
        for run in found.rows
    ]
    context = {"rows": rows, "page": found, "filters": filter_boxes(chosen.form), "place": [("导入", "")]}
    return render(request, "imports/list.html", context | found.links)


@page(IMPORT_RUN, "GET HEAD POST")
def import_new(request: HttpRequest) -> HttpResponse:
    initial = {"key": uuid.uuid4().hex}
    form = ImportForm(request.POST or None, request.FILES or None, scope=request.scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            run = _start(request, form.cleaned_data)
            return redirect("import_detail", run_uuid=run.uuid)
        except BadInput as refusal:
            form.add_error("file", refusal.message)
    context = {"form": form, "place": [("导入", "/imports/"), ("上传花名册", "")]}
    return render(request, "imports/new.html", context, status=400 if form.is_bound else 200)


def _start(request: HttpRequest, data: dict) -> ImportRun:
    upload = data["file"]
    with tempfile.NamedTemporaryFile(dir=service.imports_dir(), suffix=".part") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        return service.start_import(
            scope=request.scope, user=request.user, round_code=data["round"].code, path=Path(kept.name),
            file_name=Path(upload.name).name, dry_run=data["dry_run"], key=data["key"], origin=origin_of(request),
        )  # fmt: skip


@page(IMPORT_RUN)
def import_detail(request: HttpRequest, run_uuid: uuid.UUID) -> HttpResponse:
    run = service.my_run(request.scope, request.user, run_uuid)
    show = request.GET.get("show", "")
    listed = _differences(request, run, show) if show in stages.OPS else _problems(request, run)
    context = {
        "run": run, "state": report.shown_state(run), "figures": report.figures(run), "left": report.left(run), "show": show,
        "checked_after": report.checked_after(run), "unchanged": report.unchanged(run), "tabs": stages.tabs(run),
        "suspicions": verdicts.told(run.suspicions.order_by("verdict", "pk")[:SUSPICIONS_SHOWN]), "may_decide": report.may_decide(run),
        "marked": service.marked_book(run), "may_undo": undo.may_undo(run),
        "may_confirm": report.may_confirm(run), "place": [("导入", "/imports/"), (run.file_name, "")],
    }  # fmt: skip
    return render(request, "imports/detail.html", context | listed)


def _problems(request: HttpRequest, run: ImportRun) -> dict:
    chosen = {name: request.GET[name].replace("\x00", "") for name in ("severity", "sheet", "column") if request.GET.get(name)}
    problems = paged(request, run.problems.filter(**chosen), AS_LISTED, "处", PROBLEMS_A_PAGE)
    groups = run.problems.order_by("severity", "sheet", "column").values("severity", "sheet", "column").annotate(n=Count("pk"))
    return {"problems": problems, "groups": groups, "chosen": chosen} | problems.links


def _differences(request: HttpRequest, run: ImportRun, op: str) -> dict:
    rows = paged(request, stages.rows(run, op), AS_LISTED, "户", DIFFERENCES_A_PAGE)
    return {"differences": stages.told(request.scope, rows.rows), "rows": rows} | rows.links


@page(IMPORT_RUN, "POST")
def import_confirm(request: HttpRequest, run_uuid: uuid.UUID) -> HttpResponse:
    whole = request.POST.get("conflicts") == "whole"
    service.confirm_import(scope=request.scope, user=request.user, run_uuid=run_uuid, whole=whole, origin=origin_of(request))
    return redirect("import_detail", run_uuid=run_uuid)


@page(IMPORT_RUN, "POST")
def import_cancel(request: HttpRequest, run_uuid: uuid.UUID) -> HttpResponse:
    service.cancel_import(scope=request.scope, user=request.user, run_uuid=run_uuid, origin=origin_of(request))
    return redirect("import_detail", run_uuid=run_uuid)


@page(IMPORT_RUN, "POST")
def import_verdict(request: HttpRequest, run_uuid: uuid.UUID, suspicion_uuid: uuid.UUID) -> HttpResponse:
    verdicts.decide(
        scope=request.scope, user=request.user, run_uuid=run_uuid, suspicion_uuid=suspicion_uuid, verdict=request.POST.get("verdict", ""),
        origin=origin_of(request),
    )  # fmt: skip
    return redirect("import_detail", run_uuid=run_uuid)


@page(IMPORT_RUN, "GET HEAD POST")
def import_undo(request: HttpRequest, run_uuid: uuid.UUID) -> HttpResponse:
    """GET explains what undoing would do and what stands in its way, POST does it."""
    run = service.my_run(request.scope, request.user, run_uuid)
    if request.method == "POST":
        undo.undo_import(scope=request.scope, user=request.user, run_uuid=run_uuid, origin=origin_of(request))
        return redirect("import_detail", run_uuid=run_uuid)
    if not undo.may_undo(run):
        return redirect("import_detail", run_uuid=run_uuid)
    place = [("导入", "/imports/"), (run.file_name, f"/imports/{run.uuid}/"), ("撤销导入", "")]
    return render(request, "imports/undo.html", {"run": run, "plan": undo.plan_undo(request.scope, run), "place": place})


@page(IMPORT_RUN)
def import_errors(request: HttpRequest, run_uuid: uuid.UUID) -> HttpResponse:
    """The caller's own workbook with its errors marked, or the list alone; handing it out is audited like any export (trust L1)."""
    run = service.my_run(request.scope, request.user, run_uuid)
    marked = service.marked_book(run)
    book = io.BytesIO() if marked is None else marked.open("rb")
    if marked is None:
        report.write_errors(run, book)
        book.seek(0)
    record(request.scope, "import.errors", origin_of(request), "import", str(run.uuid), place=run.county, marked=marked is not None)
    return FileResponse(book, as_attachment=True, filename=f"import-problems-{run.uuid}.xlsx", content_type=XLSX)
