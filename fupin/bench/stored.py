"""Benchmarks on stored rows: roll-ups, lists and API pages, on a scratch county that is rolled back."""

from collections.abc import Iterator

import orjson
from django.db import connection

from assessment.models import Score, Survey
from core.api.paging import Keyset
from core.api.renderers import OrjsonRenderer
from fupin.bench.measure import Measured, ratio
from fupin.bench.scratch import Scratch, scratch
from households.api import HOUSEHOLD
from households.models import Household
from households.selectors import PAGE, page_of
from reports.catalog import Column, Source
from reports.rollup import Area, base_figures
from reports.tables import columns_of
from villages.models import Village

EACH, FEW, API_PAGE = 50, 10, 200
DEEP = 0.8


def rollup(size: int) -> Iterator[Measured]:
    """All base figures of a county against one grouped statement a table with the same measures, by village only."""
    with scratch(size // EACH, EACH) as made:
        area = Area(made.county.pk)
        found = ratio(lambda: base_figures(made.round, area), lambda: _by_hand(made))
        ours = base_figures(made.round, area)
        counted = sum(row[1] for row in _by_hand(made)[0])
        assert counted == sum(figures.get("households") or 0 for figures in ours.values())
        goal = "≤ 1.3" if connection.vendor == "postgresql" else "≤ 1.5"
        yield Measured("rollup", f"全县汇总（到组） ÷ 手写 GROUP BY 村（{size:,} 户，{size // EACH} 村）", found, goal)


def rollup_dirty(size: int) -> Iterator[Measured]:
    """Ten changed villages against the full pass of the same county."""
    with scratch(size // EACH, EACH) as made:
        few = tuple(Village.objects.filter(county=made.county).order_by("code").values_list("pk", flat=True)[:FEW])
        part, whole = Area(made.county.pk, few), Area(made.county.pk)
        found = ratio(lambda: base_figures(made.round, part), lambda: base_figures(made.round, whole))
        yield Measured("rollup-dirty", f"{FEW} 个有改动的村 ÷ 全部 {size // EACH} 个村", found, "≤ 0.10，2,000 村时")


def list_(size: int) -> Iterator[Measured]:
    """The household list at 80 % depth against its first page; API page of 200 against bare values and orjson."""
    with scratch(size // EACH, EACH) as made:
        rows = Household.objects.visible_to(made.scope).registered()
        deep = rows.order_by("code").values_list("code", flat=True)[int(size * DEEP)]
        found = ratio(lambda: page_of(rows, after=deep), lambda: page_of(rows))
        yield Measured("list", f"第 {DEEP:.0%} 处一页 ÷ 第一页（{size:,} 户，每页 {PAGE}）", found, "≤ 1.3")
        paths = [path for attr in HOUSEHOLD.attrs_for(made.scope) for path in attr.paths]
        keyset = Keyset(("code",))
        found = ratio(
            lambda: OrjsonRenderer().render(HOUSEHOLD.page(rows, made.scope, keyset, "", API_PAGE)[0]),
            lambda: orjson.dumps(list(rows.order_by("code").values(*paths)[:API_PAGE]), default=float),
        )
        yield Measured("list", f"接口一页 {API_PAGE} 户 ÷ values + orjson", found, "≤ 1.5")


def _by_hand(made: Scratch) -> list[list[tuple]]:
    columns = [column for column in columns_of(made.round) if not column.is_derived]
    household, survey, score = (model._meta.db_table for model in (Household, Survey, Score))
    facts = f"FROM {household} AS h WHERE h.county_id = %s AND h.closed_on IS NULL GROUP BY h.village_id"
    forms = (
        f"FROM {survey} AS s JOIN {score} AS p ON p.id = s.score_id "
        "WHERE s.county_id = %s AND s.round_id = %s AND s.status = 'submitted' GROUP BY s.village_id"
    )
    return [
        _select("h", columns, Source.HOUSEHOLDS, facts, [made.county.pk]),
        _select("s", columns, Source.SURVEYS, forms, [made.county.pk, made.round.pk]),
    ]


def _select(table: str, columns: list[Column], source: Source, rest: str, ids: list[int]) -> list[tuple]:
    measures, values = [], []
    for column in columns:
        if column.source is source and column.expression in ("count", "persons", "points"):
            what = {"count": "1", "persons": f"{table}.persons", "points": "p.points"}[column.expression]
            if column.match is None:
                measures.append(f"SUM({what})")
            else:
                field = "p.tier" if column.match[0] == "tier" else f"{table}.{column.match[0]}"
                measures.append(f"SUM(CASE WHEN {field} = %s THEN {what} ELSE 0 END)")
                values.append("" if column.match[1] == "NONE" else column.match[1])
    statement = f"SELECT {table}.village_id, {', '.join(measures)} {rest}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *ids])
        return cursor.fetchall()
