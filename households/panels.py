"""Sections of the household page that apps above add (the survey and its score). They register when they start; nothing here knows them."""

from collections.abc import Callable

from django.http import HttpRequest

from households.models import Household

Panel = Callable[[HttpRequest, Household], tuple[str, dict[str, object]]]
NextStep = Callable[[HttpRequest, Household], tuple[str, str] | None]
_panels: list[Panel] = []
_next_steps: list[NextStep] = []


def register_panel(panel: Panel) -> None:
    """`panel(request, household)` returns (template name, context); `links` in the context become buttons at the head of the page."""
    if panel not in _panels:
        _panels.append(panel)


def panels_of(request: HttpRequest, household: Household) -> list[dict[str, object]]:
    made = []
    for panel in _panels:
        template, context = panel(request, household)
        made.append({"template": template, **context})
    return made


def register_next_step(step: NextStep) -> None:
    """`step(request, household)` returns (label, url) of what comes after the facts, or None; the first that answers counts."""
    if step not in _next_steps:
        _next_steps.append(step)


def next_step_of(request: HttpRequest, household: Household) -> dict[str, str] | None:
    """Label and url of what to do when the facts are filled; None when nothing waits."""
    found = next((said for step in _next_steps if (said := step(request, household))), None)
    return {"label": found[0], "url": found[1]} if found else None
