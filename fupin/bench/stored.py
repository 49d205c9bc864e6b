"""Roll-ups and lists on a scratch county."""

from collections.abc import Iterator, Sequence

from django.db import connection

from assessment.models import Case, Score, Survey, Verdict, Voiding
from core.api.paging import Keyset, encode
from core.web.paging import PAGE, page_of
from fupin.bench.measure import Measured, peak, ratio
from fupin.bench.scratch import MOST_VILLAGES, Scratch, county_of, scratch
from households.models import Doubt, Household
from reports.catalog import Column, Source
from reports.rollup import Area, base_figures
from reports.tables import columns_of
from villages.models import RegisteredPopulation, Village

FEW = 10
DEEP = 0.8


def rollup(size: int) -> Iterator[Measured]:
    """All base figures of a county against grouped statements with the same measures, by village only: with those of looks, of the list,
    of doubts and of population, and without."""
    with scratch(*county_of(size)) as made:
        area = Area(made.county.pk)
        ours = base_figures(made.round, area)
        counted = sum(row[1] for row in _by_hand(made)[0])
        assert counted == sum(figures.get("households") or 0 for figures in ours.values())
        goal = "≤ 1.3" if connection.vendor == "postgresql" else "≤ 1.5"
        what = f"{size:,} 户 {county_of(size)[0]:,} 村"
        found = ratio(lambda: base_figures(made.round, area), lambda: _by_hand(made) + _further(made))
        yield Measured("rollup", f"全县汇总（到组） ÷ 手写 GROUP BY 村，口径相同（{what}）", found, goal)
        found = ratio(lambda: base_figures(made.round, area), lambda: _by_hand(made, looks=False))
        yield Measured("rollup", f"同上 ÷ 手写、缺各看、名单、疑点、户籍人口（{what}）", found)
        if used := peak(lambda: base_figures(made.round, area)):
            yield Measured("rollup", f"全县汇总占用内存（{what}）", used, "", "MB")


def rollup_dirty(size: int) -> Iterator[Measured]:
    """Ten changed villages against the full pass of the same county."""
    with scratch(*county_of(size)) as made:
        few = tuple(Village.objects.filter(county=made.county).order_by("code").values_list("pk", flat=True)[:FEW])
        part, whole = Area(made.county.pk, few), Area(made.county.pk)
        found = ratio(lambda: base_figures(made.round, part), lambda: base_figures(made.round, whole))
        yield Measured("rollup-dirty", f"{FEW} 个有改动的村 ÷ 全部 {county_of(size)[0]:,} 个村", found, "≤ 0.10" if county_of(size)[0] == MOST_VILLAGES else "")


def list_(size: int) -> Iterator[Measured]:
    """The household list at 80 % depth against its first page."""
    with scratch(*county_of(size)) as made:
        rows = Household.objects.visible_to(made.scope).registered().select_related("village", "township", "group")
        deep = rows.order_by("code").values_list("code", flat=True)[int(size * DEEP)]
        keyset = Keyset(("code",))
        found = ratio(lambda: page_of(rows, keyset, after=encode([deep])), lambda: page_of(rows, keyset))
        yield Measured("list", f"第 {DEEP:.0%} 处一页 ÷ 第一页（{size:,} 户，每页 {PAGE}）", found, "≤ 1.3")


def _by_hand(made: Scratch, *, looks: bool = True) -> list[list[tuple]]:
    """Facts, forms and people, a statement each."""
    columns = [column for column in columns_of(made.round) if not column.is_derived]
    household, survey, score = (model._meta.db_table for model in (Household, Survey, Score))
    facts = f"FROM {household} AS h WHERE h.county_id = %s AND h.closed_on IS NULL GROUP BY h.village_id"
    forms = (
        f"FROM {survey} AS s JOIN {score} AS p ON p.id = s.score_id "
        "WHERE s.county_id = %s AND s.round_id = %s AND s.status = 'submitted' GROUP BY s.village_id"
    )
    subtotals = _SUBTOTALS[connection.vendor] if looks else []
    return [
        _select("h", columns, Source.HOUSEHOLDS, facts, [made.county.pk]),
        _select("s", columns, Source.SURVEYS, forms, [made.county.pk, made.round.pk], subtotals),
        _people(survey, [made.county.pk, made.round.pk]),
    ]


_SUBTOTALS = {
    "postgresql": [f"SUM(SPLIT_PART(p.look_points, ',', {look})::int)" for look in range(1, 7)],
    "sqlite": ["GROUP_CONCAT(p.look_points, ';')"],
}
"""The points of each look in the fastest way found: SQLite is faster by half when it leaves the text as it is, PostgreSQL twice as fast
when it does not (a text that is joined keeps it from sharing the work)."""


def _further(made: Scratch) -> list[list[tuple]]:
    """The list, doubts and population: one grouped statement a table. No round came before the scratch county's."""
    case, verdict, voiding, doubt, household, survey, people = (
        model._meta.db_table for model in (Case, Verdict, Voiding, Doubt, Household, Survey, RegisteredPopulation)
    )
    statements = (
        f"SELECT c.village_id, v.stage, v.opinion, v.reasons, COUNT(DISTINCT v.case_id) FROM {verdict} AS v "  # noqa: S608
        f"JOIN {case} AS c ON c.id = v.case_id LEFT JOIN {voiding} AS x ON x.verdict_id = v.id "
        "WHERE c.round_id = %s AND (x.id IS NULL OR v.opinion = 'return') GROUP BY 1, 2, 3, 4",
        f"SELECT c.village_id, c.category, COUNT(*), SUM(s.persons) FROM {case} AS c LEFT JOIN {survey} AS s ON s.id = c.survey_id "  # noqa: S608
        "WHERE c.round_id = %s AND c.state = 'concluded' GROUP BY 1, 2",
        f"SELECT h.village_id, COUNT(DISTINCT h.id), COUNT(DISTINCT CASE WHEN d.severity = 'error' THEN h.id END) FROM {doubt} AS d "  # noqa: S608
        f"JOIN {household} AS h ON h.id = d.household_id WHERE d.county_id = %s AND d.state = 'open' "
        "AND d.severity IN ('error', 'warning') AND h.closed_on IS NULL GROUP BY 1",
        f"SELECT village_id, SUM(households), SUM(persons) FROM {people} WHERE county_id = %s AND year = 2016 GROUP BY 1",  # noqa: S608
    )
    ids = (made.round.pk, made.round.pk, made.county.pk, made.county.pk)
    found = []
    with connection.cursor() as cursor:
        for statement, pk in zip(statements, ids, strict=True):
            cursor.execute(statement, [pk])
            found.append(cursor.fetchall())
    return found


def _people(survey: str, ids: list[int]) -> list[tuple]:
    """People are frozen as text: the statement brings together what is alike, and leaves the text as it is."""
    where = "county_id = %s AND round_id = %s AND status = 'submitted'"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT village_id, people, COUNT(*) FROM {survey} WHERE {where} GROUP BY village_id, people", ids)  # noqa: S608
        return cursor.fetchall()


def _select(table: str, columns: list[Column], source: Source, rest: str, ids: list[int], more: Sequence[str] = ()) -> list[tuple]:
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
    statement = f"SELECT {table}.village_id, {', '.join([*measures, *more])} {rest}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *ids])
        return cursor.fetchall()
