"""打印: the papers of a household, filled and blank, on its page."""

from django.http import HttpRequest
from django.urls import reverse

from core.papers import FontsMissing, unprintable
from households.models import Household
from reports.papers.making import INSTEAD, offered


def papers_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    rows = [
        {"title": row["paper"].title, "about": row["paper"].about, "filled": _address(row["paper"].code, household) if row["filled"] else "",
         "blank": _address(row["paper"].code, household) + "?blank=1" if row["blank"] else ""}
        for row in offered(request.scope, household)
    ]  # fmt: skip
    return "reports/_papers_panel.html", {"papers": rows, "rare": _rare(household) if rows else "", "instead": INSTEAD, "jump": ("print-h", "打印") if rows else None}


def _address(paper: str, household: Household) -> str:
    return reverse("paper_print", args=[paper, household.code])


def _rare(household: Household) -> str:
    """Characters of the members' names that no font has: whoever prints should know before the paper is signed."""
    names = household.memberships.current().values_list("person__name", flat=True)
    try:
        return "、".join(unprintable([*names, household.head_name]))
    except FontsMissing:
        return ""
