"""The pages' FilterSets behind the API: one set of filters for page, API and export (architecture)."""

from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet
from rest_framework.request import Request

from core.api.query import Param, one_of
from core.errors import BadInput

_ABSENT = "invalid_choice"


def filter_params(filters: type[FilterSet]) -> tuple[Param, ...]:
    """Parameters of a FilterSet by its own labels and choices."""
    return tuple(_param(name, one) for name, one in filters.base_filters.items())


def _param(name: str, one: Any) -> Param:
    choices = one.extra.get("choices")
    return Param(name, str(one.label), one_of(code for code, _ in choices)) if choices else Param(name, str(one.label))


def filtered(filters: type[FilterSet], query: dict[str, Any], rows: QuerySet, request: Request) -> QuerySet:
    """Rows that pass the filters. A place outside the caller's area and one that does not exist find alike: nothing (trust A6)."""
    given = {name: query[name] for name in filters.base_filters if name in query}
    found = filters(given, queryset=rows, request=request)
    faults = {
        name: [str(message) for fault in problems for message in fault.messages]
        for name, problems in found.form.errors.as_data().items()
        if any(fault.code != _ABSENT for fault in problems)
    }
    if faults:
        raise BadInput("请求的参数有误：" + "、".join(faults) + "。", fields=faults)
    return rows.none() if found.form.errors else found.qs
