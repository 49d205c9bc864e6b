"""Pages of the import: history, upload, one run with its progress, problems and confirmation."""

import io
import tempfile
import uuid
from pathlib import Path

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.roles import IMPORT_RUN
from assessment.importing import report, service
from core.actions import record
from core.errors import BadInput
from core.web.middleware import origin_of
from core.web.pages import page
from households.models import ImportRun

PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(forms.Form):
    round = forms.ModelChoiceField(label="识别批次", queryset=None, to_field_name="code", empty_label=None)
    file = forms.FileField(
        label="花名册文件",
        help_text="全国版式花名册（工作表“花名册”，26列），可同时带工作表“六看评估”。.xlsx 或 .csv，编码列须为文本格式。",
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
def import_list(request: HttpRequest) -> HttpResponse:
    runs = Paginator(service.my_runs(request.scope, request.user), 50).get_page(request.GET.get("page"))
    rows = [{"run": run, "state": report.shown_state(run), "figures": report.figures(run)} for run in runs]
    return render(request, "imports/list.html", {"rows": rows, "pages": runs, "place": [("导入", "")]})


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
    chosen = {name: request.GET[name] for name in ("severity", "sheet", "column") if request.GET.get(name)}
    problems = Paginator(run.problems.filter(**chosen), PAGE).get_page(request.GET.get("page"))
    groups = (
        run.problems.order_by("severity", "sheet", "column")
        .values("severity", "sheet", "column")
        .annotate(n=Count("pk"))
    )
    context = {
        "run": run, "state": report.shown_state(run), "figures": report.figures(run), "left": report.left(run),
        "doubts": report.doubts(run), "unchanged": report.unchanged(run), "problems": problems, "groups": groups,
        "chosen": chosen, "may_confirm": report.may_confirm(run), "place": [("导入", "/imports/"), (run.file_name, "")],
    }  # fmt: skip
    return render(request, "imports/detail.html", context)


@page(IMPORT_RUN, "POST")
def import_confirm(request: HttpRequest, run_uuid: uuid.UUID) -> HttpResponse:
    service.confirm_import(scope=request.scope, user=request.user, run_uuid=run_uuid, origin=origin_of(request))
    return redirect("import_detail", run_uuid=run_uuid)


@page(IMPORT_RUN, "POST")
def import_cancel(request: HttpRequest, run_uuid: uuid.UUID) -> HttpResponse:
    service.cancel_import(scope=request.scope, user=request.user, run_uuid=run_uuid, origin=origin_of(request))
    return redirect("import_detail", run_uuid=run_uuid)


@page(IMPORT_RUN)
def import_errors(request: HttpRequest, run_uuid: uuid.UUID) -> HttpResponse:
    """The list to work through, as a workbook; handing it out is audited like any export (trust L1)."""
    run = service.my_run(request.scope, request.user, run_uuid)
    book = io.BytesIO()
    report.write_errors(run, book)
    record(request.scope, "import.errors", origin_of(request), "import", str(run.uuid), place=run.county)
    response = HttpResponse(book.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''import-problems-{run.uuid}.xlsx"
    return response
