"""Select boxes of places for filters: all boxes of a filter are filled, and what they say is understood, by one query."""

from collections.abc import Callable
from functools import cached_property

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from villages.selectors import Places, Spot, places


class PlaceBox(django_filters.ChoiceFilter):
    """A box named `township`, `village` or `group`; compares ids, so that no other table is joined."""

    def __init__(self, **kwargs) -> None:
        super().__init__(choices=(), **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs.filter(**{f"{self.field_name}_id": self.parent.spots(self.field_name)[value].pk}) if value else qs


class PlaceFilterSet(django_filters.FilterSet):
    """Fills its place boxes when the first of them is shown or set; a filter without either asks for no place."""

    request: HttpRequest

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, box in self.filters.items():
            if isinstance(box, PlaceBox):
                box.extra["choices"] = self._choices_of(name)

    @cached_property
    def places(self) -> Places:
        return places(self.request.scope)

    def spots(self, name: str) -> dict[str, Spot]:
        return {spot.code: spot for spot in getattr(self.places, f"{name}s")}

    def _choices_of(self, name: str) -> Callable[[], list[tuple[str, str]]]:
        return lambda: [(code, spot.name) for code, spot in self.spots(name).items()]
