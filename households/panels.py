"""Sections of the household page that apps above add (the survey and its score). They register when they start; nothing here knows them."""

from collections.abc import Callable

from django.http import HttpRequest

from households.models import Household

Panel = Callable[[HttpRequest, Household], tuple[str, dict[str, object]]]
_panels: list[Panel] = []


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
