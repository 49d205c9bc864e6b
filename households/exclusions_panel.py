"""排除情形 on the household's page: what holds, and the way to the ten."""

from django.http import HttpRequest

from households.models import Household
from households.selectors_exclusions import exclusions_of, may_read


def exclusions_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    """Nothing for a caller who may not know of deposits or illnesses: the conditions tell of both."""
    shown = exclusions_of(household) if may_read(request.scope, household) else None
    return "households/_exclusions_panel.html", {"exclusions": shown, "jump": ("excl-h", "排除情形") if shown else None}
