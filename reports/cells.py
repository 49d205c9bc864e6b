"""The households behind a number: the predicate of the column, in the place of the row (architecture "Roll-ups")."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from assessment.models import Round
from core.errors import BadInput, NotFound
from core.scope import Scope
from households.codes import ATTRIBUTE, CAUSE
from households.models import Household
from reports.areas import cell_area, table_scope
from reports.catalog import NONE, Column, Source, column_of
from reports.rollup import households_counted, surveys_counted
from reports.tables import columns_of

_CODE_LISTS = {"attribute": ATTRIBUTE, "cause": CAUSE}


def condition(column: Column) -> Q:
    """What a household (or, for columns of forms, a form) must have to be counted in the column."""
    if column.match is None:
        return Q()
    field, value = column.match
    if field == "tier":
        return Q(score__tier=value)
    if value == NONE:
        return ~Q(**{f"{field}__in": list(_CODE_LISTS[field].items)})
    return Q(**{field: value})


def find_column(round_: Round, code: str) -> Column:
    column = column_of(columns_of(round_), code)
    if column is None:
        raise BadInput("没有这一栏。", fields={"column": ["没有这一栏。"]})
    return column


def cell_column(round_: Round, code: str) -> Column:
    """The column whose households a cell shows; a rate opens the households of its numerator."""
    column = find_column(round_, code)
    if column.code == "score_sum" or column.numerator == "score_sum":
        column = find_column(round_, "surveyed")
    elif column.is_derived:
        column = find_column(round_, column.numerator)
    if not column.has_cell:
        raise BadInput(f"“{column.title}”是登记的总数，没有农户明细。", fields={"column": ["这一栏没有农户明细。"]})
    return column


def cell_households(level: str, round_: Round, area_code: str, column: str, scope: Scope) -> QuerySet[Household]:
    """Households counted in this cell, visible to the caller. Columns of forms follow the village and group frozen in the form."""
    area = cell_area(level, area_code, scope)
    if area.place.county_id != round_.county_id:
        raise NotFound
    wanted = cell_column(round_, column)
    visible = Household.objects.visible_to(table_scope(scope))
    if wanted.source is Source.SURVEYS:
        forms = surveys_counted(round_).filter(condition(wanted), **area.lookup)
        return visible.filter(pk__in=forms.values("household_id"))
    counted = households_counted(round_).filter(condition(wanted), **area.lookup)
    return visible.filter(pk__in=counted.values("pk"))
