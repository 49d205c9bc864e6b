"""Pages of a household's income: the years, and the sheet of one year with its formula."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from core.errors import BadInput, Denied, NotFound, StaleVersion
from core.scope import FieldClass
from core.web import drafts
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.posted import number_in, posted_version
from core.web.way_back import carrying, way_back
from households.actions.income import save_income
from households.conflict import both_sides, taking_theirs
from households.forms_income import IncomeForm, income_initial, initial_of_ledger, plain
from households.income import COUNTED, FIRST_YEAR, bounds, running_year
from households.models import Household
from households.panels import next_step_of
from households.selectors import visible_household
from households.selectors_income import due_year, sheet_of, sheets_of, years_to_fill
from households.selectors_ledger import ledger_document
from households.selectors_papers import income_confirmed
from households.views import place_of

ONWARD = "next"
ZERO = Decimal(0)
KIND = "income"
"""Of drafts: one a year."""


@page(roles.HOUSEHOLD_VIEW)
def household_income(request: HttpRequest, code: str) -> HttpResponse:
    household = _household(request, code)
    sheets, today = sheets_of(household), timezone.localdate()
    may_edit = _may_edit(request, household)
    offered = years_to_fill(household, {sheet.year for sheet in sheets}, today) if may_edit else []
    context = {"household": household, "place": place_of(household), "sheets": sheets, "offered": offered, "due": due_year(household)}
    return render(request, "households/income.html", context | {"may_edit": may_edit, "detour": carrying("", way_back(request))})


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def income_year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    household = _household(request, code)
    if not FIRST_YEAR <= year <= running_year(timezone.localdate()):
        raise NotFound
    if request.method == "POST" and not request.scope.may(roles.HOUSEHOLD_EDIT, household):
        raise Denied
    draft = drafts.typed(request, KIND, f"{code}/{year}")
    form, context = _form(request, household, year, draft), {"version": (draft or request.POST).get("version", household.version)}
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, household, year, form)
            return _onward(request, household, year)
        except StaleVersion as stale:
            if _is_saved(_household(request, code), year, form):
                messages.success(request, "已保存。")
                return _onward(request, household, year)
            context = _conflict(request, form, code, year, stale)
        except BadInput as error:
            _put_back(form, error)
    return _sheet_page(request, context.get("household", household), year, form, context)


def _onward(request: HttpRequest, household: Household, year: int) -> HttpResponseRedirect:
    """To the saved sheet with its formula; with the other button to where one came from, or on to what follows the facts."""
    drafts.saved(request, KIND, f"{household.code}/{year}")
    if request.POST.get("then") == ONWARD:
        if back := way_back(request):
            return redirect(back)
        if step := next_step_of(request, household):
            return redirect(step["url"])
    return redirect(carrying(reverse("income_year", args=[household.code, year]), way_back(request)))


def _save(request: HttpRequest, household: Household, year: int, form: IncomeForm) -> None:
    data, version = form.cleaned_data, posted_version(request)
    saved = save_income(
        scope=request.scope, code=household.code, year=year, version=version, parts=form.parts, persons=data["persons"],
        rest_zero=data["rest_zero"], origin=origin_of(request),
    )  # fmt: skip
    below = "" if request.POST.get("then") == ONWARD else "，算式见下"
    said = "已保存。" if saved.per_head is None else f"已保存，人均纯收入 {saved.per_head:,} 元{below}。"
    messages.success(request, said)


def _form(request: HttpRequest, household: Household, year: int, draft: QueryDict | None = None) -> IncomeForm:
    """Fresh from the stored sheet, or what was typed, with the other's values where the user chose them."""
    initial = income_initial(household, household.income_years.filter(year=year).first())
    form = IncomeForm(initial=initial)
    data = request.POST if request.method == "POST" else draft
    if data is None:
        return form
    bound = IncomeForm(taking_theirs(data, form, initial), initial=initial)
    return bound if draft is None else drafts.unchecked(bound)


def _is_saved(household: Household, year: int, form: IncomeForm) -> bool:
    """The sheet stands as typed already; of blanks that are to be 0, 0 is as typed."""
    row = household.income_years.filter(year=year).first()
    now, zero = income_initial(household, row), form.cleaned_data["rest_zero"]
    typed = {name: ZERO if amount is None and zero and name in COUNTED else amount for name, amount in form.parts.items()}
    return row is not None and all(plain(typed[name]) == now[name] for name in typed) and form.cleaned_data["persons"] == row.persons


def _conflict(request: HttpRequest, form: IncomeForm, code: str, year: int, stale: StaleVersion) -> dict[str, object]:
    """Both sides, read anew; the choice is for the version shown."""
    household = _household(request, code)
    now = income_initial(household, household.income_years.filter(year=year).first())
    base = initial_of_ledger(ledger_document(household, posted_version(request)), year)
    return {"household": household, "overtaken": stale.conflict, "clashes": both_sides(form, now, base), "version": household.version}


def _sheet_page(request: HttpRequest, household: Household, year: int, form: IncomeForm, more: dict[str, object]) -> HttpResponse:
    first, last = bounds(year)
    context = {
        "household": household, "place": place_of(household), "year": year, "first": first, "last": last, "form": form,
        "sheet": sheet_of(household, year), "may_fill": _may_edit(request, household),
        "confirmed": income_confirmed(household, year), "back": way_back(request), "onward": next_step_of(request, household),
        "keeping": drafts.keeping(request, KIND, f"{household.code}/{year}", base_version=number_in(str(more["version"]))),
    }  # fmt: skip
    status = 412 if "overtaken" in more else 400 if form.errors else 200
    return render(request, "households/income_year.html", context | more, status=status)


def _household(request: HttpRequest, code: str) -> Household:
    """The household, for those who see amounts there."""
    household = visible_household(request.scope, code)
    if not request.scope.may_see(FieldClass.FINANCE, household):
        raise Denied
    return household


def _may_edit(request: HttpRequest, household: Household) -> bool:
    return request.scope.may(roles.HOUSEHOLD_EDIT, household) and not household.hold and not household.closed_on


def _put_back(form: IncomeForm, error: BadInput) -> None:
    if not error.fields:
        form.add_error(None, error.message)
    for name, reasons in error.fields.items():
        for reason in reasons:
            form.add_error(name if name in form.fields else None, reason)
