"""The day a household's facts are told for: apps above register who knows it (the open round's reference date); without one, today."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from households.models import Household

Asked = Callable[[Household], date | None]
_asked: list[Asked] = []


def register_reference(ask: Asked) -> None:
    """`ask(household)` answers the day, None when it has no say."""
    if ask not in _asked:
        _asked.append(ask)


def reference_day(household: Household) -> date:
    return next((day for ask in _asked if (day := ask(household))), timezone.localdate())
