"""Pages of 抽查 and 算账 of a township's meeting: draw, record a re-visit, reckon an income. A refusal draws the page with what was typed."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import roles
from assessment import sample_page
from assessment.actions.income_checks import save_income_check
from assessment.actions.samples import RecheckEntry, draw_sample, record_recheck
from assessment.docket import Docket, docket
from assessment.forms_samples import ANSWER, DrawForm, IncomeCheckForm, RecheckForm
from assessment.models import Case, IncomeCheck
from assessment.selectors_samples import case_on, gap_of, income_checks, line_of, reported_of
from assessment.views_sittings import place_of
from core.errors import BadInput, Denied, DomainError, NotFound, StaleVersion, WrongState
from core.scope import FieldClass
from core.web.errors import status_of
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.posted import posted_version
from households.forms_income import plain
from households.income import FIRST_YEAR
from households.selectors_income import due_year, sheets_of

SHOWN_ERRORS = (BadInput, StaleVersion, WrongState)


@page(roles.LIST_VIEW, "GET HEAD POST")
def sitting_sample(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was drawn and found, what may be drawn, the list to reckon; a post draws."""
    table = _table(request, uuid)
    context, error = sample_page.page_of(request.scope, table), None
    bounds = {"further": context["further"], "lowest": context["least"], "highest": context["left"]}
    form = DrawForm(request.POST or None, initial={"key": request.request_id, "size": min(context["usual"], context["left"])}, **bounds)
    if request.method == "POST":
        try:
            sizes = form.cleaned_data if form.is_valid() else {}
            if form.errors and table.may_decide:
                raise BadInput("没有抽。")
            made = draw_sample(
                scope=request.scope, sitting=str(uuid), size=sizes.get("size"), reason=sizes.get("reason", ""), key=sizes.get("key", ""),
                origin=origin_of(request),
            )  # fmt: skip
            messages.success(request, f"已抽 {made.size} 户。种子和名单都已存下，谁都可以照着再算一遍。")
            return redirect("sitting_sample", uuid)
        except SHOWN_ERRORS as refused:
            error = refused
            _put_back(form, refused)
    context |= {"form": form, "error": error, "place": place_of(table.sitting.village, "抽查和算账")}
    return render(request, "sittings/sample.html", context, status=status_of(error) if error else 200)


@page(roles.LIST_VIEW, "GET HEAD POST")
def sitting_recheck(request: HttpRequest, uuid: UUID, case_uuid: UUID) -> HttpResponse:
    """One household that was drawn: what is on its form, and what was found."""
    table = _table(request, uuid)
    if not table.may_decide or not sample_page.reads(request.scope, table.sitting):
        return _closed_or_denied(table, "这次会议已结束，复核结果不能再记。")
    case = case_on(table.sitting, case_uuid)
    drawn = table.sampled.of(case.pk)
    if drawn is None:
        raise NotFound
    panel = sample_page.panel_names(table.sitting)
    form = RecheckForm(
        request.POST or None, initial={"key": request.request_id}, panel=panel, named=table.stage.panel is not None,
        survey=case.survey if case.survey_id and case.survey.score_id else None,
    )  # fmt: skip
    error = None
    if request.method == "POST":
        try:
            _record(request, uuid, case_uuid, form)
            messages.success(request, f"{case.household.head_name}户的复核结果已记下。")
            return redirect("sitting_sample", uuid)
        except SHOWN_ERRORS as refused:
            error = refused
            _put_back(form, refused)
    said = [sample_page.found_of(row, read=True) for row in (*drawn.earlier, *filter(None, [drawn.result]))]
    context = {
        "sitting": table.sitting, "stage": table.stage, "area_name": table.area, "case": case, "form": form, "error": error, "said": said, "panel": panel,
        "seen": drawn.seen if error is None or isinstance(error, StaleVersion) else posted_version(request),
        "score": case.score or (case.survey.score if case.survey_id else None), "place": place_of(table.sitting.village, "抽查复核"),
        "opened": any(value for name, value in request.POST.items() if name.startswith(ANSWER)),
    }  # fmt: skip
    return render(request, "sittings/recheck.html", context, status=status_of(error) if error else 200)


def _record(request: HttpRequest, uuid: UUID, case_uuid: UUID, form: RecheckForm) -> None:
    if not form.is_valid():
        raise BadInput("复核结果没有保存。")
    data = form.cleaned_data
    entry = RecheckEntry(data["outcome"], data["visited_on"], form.names, form.changed, data["income_lines"], data["note"])
    record_recheck(
        scope=request.scope, sitting=str(uuid), case=str(case_uuid), seen=posted_version(request), entry=entry, key=data["key"], origin=origin_of(request)
    )


@page(roles.LIST_VIEW, "GET HEAD POST")
def sitting_income(request: HttpRequest, uuid: UUID, case_uuid: UUID) -> HttpResponse:
    """算账 of one household: its own sheet beside the 清查组's, line by line."""
    table = _table(request, uuid)
    case = case_on(table.sitting, case_uuid)
    if not request.scope.may_see(FieldClass.FINANCE, table.sitting):
        raise Denied
    last, error = income_checks(table.sitting).get(case.pk), None
    if request.method == "POST" and not table.may_decide:
        return _closed_or_denied(table, "这次会议已结束，不能再算账。")
    form = _income_form(request, case, last)
    if request.method == "POST":
        try:
            _reckon(request, uuid, case_uuid, form)
            return redirect("sitting_income", uuid, case_uuid)
        except SHOWN_ERRORS as refused:
            error = refused
            _put_back(form, refused)
    context = _income_page(table, case, last, form) | {
        "error": error, "seen": posted_version(request) if error and not isinstance(error, StaleVersion) else (last.pk if last else 0),
    }  # fmt: skip
    return render(request, "sittings/income_check.html", context, status=status_of(error) if error else 200)


def _reckon(request: HttpRequest, uuid: UUID, case_uuid: UUID, form: IncomeCheckForm) -> None:
    if not form.is_valid():
        raise BadInput("算账没有保存。")
    data = form.cleaned_data
    made = save_income_check(
        scope=request.scope, sitting=str(uuid), case=str(case_uuid), seen=posted_version(request), year=data["year"], parts=form.amounts,
        persons=data["persons"] or 0, rest_zero=data["rest_zero"], note=data["note"], key=data["key"], origin=origin_of(request),
    )  # fmt: skip
    said = gap_of(made).remark
    messages.success(request, f"已保存，清查组算的人均 {made.per_head:,} 元{f'，{said}' if said else ''}。")


def _income_form(request: HttpRequest, case: Case, last: IncomeCheck | None) -> IncomeCheckForm:
    due = due_year(case.household)
    years = [year for year in (due + 1, due, due - 1, due - 2) if year >= FIRST_YEAR]
    if last and last.year not in years:
        years.append(last.year)
    initial = {"key": request.request_id, "year": last.year if last else due, "persons": last.persons if last else case.household.persons}
    if last:
        initial |= {name: plain(amount) for name, amount in _amounts(last).items()}
    return IncomeCheckForm(request.POST or None, initial=initial, years=years)


def _amounts(row: IncomeCheck) -> dict[str, object]:
    return {line.field: line.amount for line in sample_page.reckoning_of(row).lines}


def _income_page(table: Docket, case: Case, last: IncomeCheck | None, form: forms.Form) -> dict[str, object]:
    year = last.year if last else due_year(case.household)
    sheet = next((one for one in sheets_of(case.household) if one.year == year), None)
    ours = sample_page.reckoning_of(last) if last else None
    return {
        "sitting": table.sitting, "stage": table.stage, "area_name": table.area, "case": case, "form": form, "check": last, "year": year,
        "gap": gap_of(last) if last else None, "ours": ours, "sheet": sheet,
        "both": sample_page.both_sides(sheet.reckoned if sheet else None, ours) if ours else [],
        "reported": last.reported if last else reported_of(case.household, year),
        "line": last.poverty_line if last else line_of(table.sitting.county_id, year), "allowed": last.allowed if last else table.sitting.round.income_departure,
        "writes": table.open and table.may_decide, "place": place_of(table.sitting.village, "清查组算账"),
        "desk": f"{reverse('sitting', args=[table.sitting.uuid])}?case={case.uuid}",
    }  # fmt: skip


# --- shared ---------------------------------------------------------------------------------------------------


def _table(request: HttpRequest, uuid: UUID) -> Docket:
    table = docket(request.scope, uuid)
    if table.sampled is None:
        raise NotFound
    return table


def _closed_or_denied(table: Docket, sentence: str) -> HttpResponse:
    if table.open:
        raise Denied
    raise WrongState(sentence, code="sitting_not_open")


def _put_back(form: forms.Form, error: DomainError) -> None:
    """The action's faults at their fields; what belongs to no field of this form stands on top."""
    for name, sentences in error.fields.items():
        where = "typed" if name == "visitors" and "typed" in form.fields else name
        for sentence in sentences:
            form.add_error(where if where in form.fields else None, sentence)
