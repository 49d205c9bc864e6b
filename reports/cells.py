"""The households behind a number: the predicate of the column, in the place of the row (architecture "Roll-ups")."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet

from accounts import roles
from assessment.models import Round
from core.errors import BadInput, Denied, NotFound
from core.scope import FieldClass, Scope
from households.codes import ATTRIBUTE, CAUSE
from households.models import Household
from reports.areas import cell_area, table_scope
from reports.catalog import NONE, POINTS, Column, Source, column_of
from reports.rollup import cases_concluded, households_counted, passes_counted, surveys_counted
from reports.sources.doubts import doubts_counted
from reports.sources.earlier import earlier_cases, earlier_surveys
from reports.sources.ledger import rejections_counted, returns_counted
from reports.tables import columns_of

_CODE_LISTS = {"attribute": ATTRIBUTE, "cause": CAUSE}


def condition(column: Column) -> Q:
    """What a row of the column's source (a household, a form, a decision, a case) must have to be counted."""
    if column.match is None:
        return Q()
    field, value = column.match
    if field == "tier":
        return Q(score__tier=value)
    if field == "people":
        return Q(people__contains=f"{value}:")
    if field == "reason":
        return Q(said__contains=f'"{value}"')
    if value == NONE and field in _CODE_LISTS:
        return ~Q(**{f"{field}__in": list(_CODE_LISTS[field].items)})
    return Q(**{field: value})


def require_sight(column: Column, place: object, scope: Scope) -> None:
    """The number is for all who see tables; the households behind an illness or a doubt are not."""
    if column.private and not scope.may_see(FieldClass.HEALTH, place):
        raise Denied("这一栏说到病残，各户的明细您的岗位不能查看。")
    if column.source is Source.DOUBTS and not scope.may(roles.DOUBT_VIEW, place):
        raise Denied("这一栏说到疑点，各户的明细您的岗位不能查看。")


def find_column(columns: Iterable[Column], code: str) -> Column:
    column = column_of(columns, code)
    if column is None:
        raise BadInput("没有这一栏。", fields={"column": ["没有这一栏。"]})
    return column


def behind_column(columns: Iterable[Column], code: str) -> Column:
    """The column whose households a cell shows: of a rate its numerator's, of a change those of now, of points all with a form."""
    columns = tuple(columns)
    column = find_column(columns, code)
    if column.is_derived:
        column = find_column(columns, column.numerator)
    if column.expression in POINTS:
        column = find_column(columns, "surveyed")
    if not column.has_cell:
        raise BadInput(f"“{column.title}”是登记的总数，没有农户明细。", fields={"column": ["这一栏没有农户明细。"]})
    return column


def cell_column(round_: Round, code: str) -> Column:
    return behind_column(columns_of(round_), code)


def cell_households(level: str, round_: Round, area_code: str, column: str, scope: Scope) -> QuerySet[Household]:
    """Households counted in this cell, visible to the caller. Columns of forms and of the list follow the village and group that the
    form or the case has frozen."""
    area = cell_area(level, area_code, scope)
    if area.place.county_id != round_.county_id:
        raise NotFound
    wanted = cell_column(round_, column)
    require_sight(wanted, area.place, scope)
    rows, path, household = _COUNTED[wanted.source]
    place = {f"{path}{name}": value for name, value in area.lookup.items()}
    counted = rows(round_).filter(condition(wanted), **place)
    return Household.objects.visible_to(table_scope(scope)).filter(pk__in=counted.values(household))


_COUNTED: dict[Source, tuple[Callable[[Round], QuerySet], str, str]] = {
    Source.HOUSEHOLDS: (households_counted, "", "pk"),
    Source.SURVEYS: (surveys_counted, "", "household_id"),
    Source.VERDICTS: (passes_counted, "case__", "case__household_id"),
    Source.CASES: (cases_concluded, "", "household_id"),
    Source.RETURNS: (returns_counted, "case__", "case__household_id"),
    Source.REJECTIONS: (rejections_counted, "case__", "case__household_id"),
    Source.DOUBTS: (doubts_counted, "household__", "household_id"),
    Source.EARLIER_SURVEYS: (earlier_surveys, "", "household_id"),
    Source.EARLIER_CASES: (earlier_cases, "", "household_id"),
}
"""What a source counts, the way from its rows to their place, and to the household."""
