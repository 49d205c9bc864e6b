"""疑点 on the household's page: what stands, and a form to explain it right there."""

from django.http import HttpRequest

from accounts import roles
from households.models import DoubtState, Household
from households.quality import Severity
from households.selectors_doubts import PRESSING, doubts, line_of, note_of

FIRST = 5
"""So many of those that ask for a word stand open; the page is read on a phone."""


def doubts_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    """What must be mended and the heaviest of what asks for a word; the rest and what was explained are folded, hints only counted with the
    way to them. A caller without the right to doubts sees none."""
    scope, rows, hints = request.scope, [], 0
    may = scope.may(roles.DOUBT_VIEW, household)
    if may:
        standing = doubts(scope).filter(household=household).exclude(state=DoubtState.MENDED).order_by("-weight", "pk")
        found = sorted(standing, key=lambda row: (row.severity != Severity.ERROR, -row.weight))
        pressing = [row for row in found if row.severity in PRESSING]
        rows = [{"line": line_of(row, scope, request.path), "note": note_of(scope, row), "number": at} for at, row in enumerate(pressing, 1)]
        hints = sum(row.severity not in PRESSING and row.state == DoubtState.OPEN for row in found)
    opened = [row for row in rows if row["line"].doubt.state == DoubtState.OPEN]
    first = max(FIRST, sum(row["line"].doubt.severity == Severity.ERROR for row in opened))
    context = {
        "doubts": opened[:first], "further": opened[first:], "open": len(opened), "may_see_doubts": may, "hints": hints,
        "explained": [row for row in rows if row not in opened], "jump": ("doubts-h", f"疑点 {len(opened)}") if may else None,
    }  # fmt: skip
    return "doubts/_panel.html", context
