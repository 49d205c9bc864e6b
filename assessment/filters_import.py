"""The filter of the caller's imports: by the state that a line says, and by township."""

import django_filters
from django.db.models import Q, QuerySet

from assessment.selectors_imports import STATES, TOWNSHIPS, in_state
from households.models import ImportRun
from villages.filters import PlaceBox, PlaceFilterSet


class ImportFilter(PlaceFilterSet):
    state = django_filters.ChoiceFilter(choices=STATES, label="结果", empty_label="全部结果", method="by_state")
    township = PlaceBox(label="乡镇", empty_label="全部乡镇", method="by_township")

    class Meta:
        model = ImportRun
        fields = ["state", "township"]

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(in_state(value))

    def by_township(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(**{f"counts__{TOWNSHIPS}__has_key": value}))
