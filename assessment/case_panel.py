"""评议经过: the list's section of the household page, with the buttons that belong to it."""

from django.http import HttpRequest
from django.urls import reverse

from accounts import roles
from assessment.models.cases import LIVE
from assessment.selectors_cases import case_files
from core.scope import Scope
from households.codes import TIER
from households.models import Household


def case_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    files = case_files(request.scope, household)
    context = {"files": files, "standing": TIER.label(household.standing), "since": household.standing_since}
    return "cases/_panel.html", {"cases": context, "links": _links(request.scope, household, files), "jump": ("cases-h", "评议")}


def _links(scope: Scope, household: Household, files: list) -> list[dict[str, str]]:
    live = any(file.case.state in LIVE for file in files)
    links = []
    if live and household.hold and scope.may(roles.CASE_AMEND, household):
        links.append({"label": "办理变更", "url": reverse("case_amend", args=[household.code]), "kind": "plain"})
    if live and scope.may(roles.CASE_END, household):
        links.append({"label": "终止评议", "url": reverse("case_end", args=[household.code]), "kind": "plain"})
    if scope.may(roles.LIST_VIEW, household):
        links.append({"label": "打印一户一档", "url": reverse("case_file_print", args=[household.code]), "kind": "plain", "icon": "print"})
    return links
