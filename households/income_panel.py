"""The household page's section of income, for those who see amounts, and of the members who left."""

from django.http import HttpRequest

from accounts import roles
from core.scope import FieldClass
from households.models import Household
from households.selectors_income import due_year, sheets_of
from households.selectors_member import past_of


def income_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    """The newest year; where the year that is due is missing, the way to fill it."""
    context: dict[str, object] = {"past": past_of(household)}
    if request.scope.may_see(FieldClass.FINANCE, household):
        sheets, due = sheets_of(household), due_year(household)
        may = request.scope.may(roles.HOUSEHOLD_EDIT, household) and not (household.hold or household.closed_on)
        missing = due if may and due not in {sheet.year for sheet in sheets} else None
        context["income"] = {"sheet": sheets[0] if sheets else None, "missing": missing, "per_head": sheets[0].steps[-1] if sheets else None}
        context["jump"] = ("inc", "收支")
    return "households/_income_panel.html", context
