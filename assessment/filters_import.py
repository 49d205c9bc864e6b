"""The filter of the caller's imports: by the state that a line says, and by township."""

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from assessment.selectors_imports import STATES, TOWNSHIPS, in_state
from households.models import ImportRun
from villages.models import Township
from villages.selectors import townships


class ImportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=STATES, label="结果", empty_label="全部结果", method="by_state")
    township = django_filters.ModelChoiceFilter(
        queryset=lambda request: townships(request.scope), to_field_name="code", label="乡镇", empty_label="全部乡镇", method="by_township"
    )

    class Meta:
        model = ImportRun
        fields = ["state", "township"]

    request: HttpRequest

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(in_state(value))

    def by_township(self, queryset: QuerySet, name: str, value: Township) -> QuerySet:
        return queryset.filter(Q(**{f"counts__{TOWNSHIPS}__has_key": value.code}))
