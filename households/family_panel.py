"""The household page's section of 变动: the newest ones and the way to 办理变动."""

from django.http import HttpRequest
from django.urls import reverse

from accounts import roles
from households.models import Household
from households.selectors_family import timeline

SHOWN = 3


def family_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    may = request.scope.may(roles.FAMILY_REOPEN if household.closed_on else roles.FAMILY_EVENT, household)
    url = reverse("family", args=[household.code])
    lines = timeline(request.scope, household, SHOWN)
    context = {"lines": lines, "url": url, "may": may, "pending": household.head_pending}
    links = [{"label": "办理变动", "url": url, "kind": "plain"}] if may else []
    return "households/family/_panel.html", {"family": context, "links": links, "jump": ("fam-h", "变动")}
