"""排队表 as it is printed: empty for the meeting, one column a scorer, or the queue with its line. Presentation only.

As on the minutes a household is its householder's name and the last four digits of its code.
"""

from assessment import ranking_page
from assessment.docket import Docket
from assessment.ranked_list import RankedList
from assessment.ranking import missing_sentences
from assessment.ranking_page import CODE_TAIL, JOINT_NAME
from core.scope import Scope

Sheet = dict[str, object]


def sheet_to_print(scope: Scope, table: Docket, *, blank: bool) -> Sheet:
    """`lines` with a cell for each of `columns`; NotFound where the meeting has no queue."""
    found = ranking_page.queue_of(table)
    return _blank(table, found) if blank else _filled(scope, table, found)


def _blank(table: Docket, found: RankedList) -> Sheet:
    """Numbered as the page numbers them, so that a column is typed as it was written."""
    names = [name or JOINT_NAME for name in found.queue.scorers] or [""] * (table.stage.panel.exactly or table.stage.panel.minimum)
    lines = [
        {"number": number, "name": case.household.head_name, "tail": case.household.code[-CODE_TAIL:], "places": [""] * len(names)}
        for number, case in enumerate(found.cases, 1)
    ]
    return {"columns": names, "lines": lines, "taken": None, "ties": [], "lacks": []}


def _filled(scope: Scope, table: Docket, found: RankedList) -> Sheet:
    rows = ranking_page.queue_rows(table, found, {})
    return {
        "columns": [name or JOINT_NAME for name in found.queue.counted], "lines": [row | {"number": row["rank"]} for row in rows],
        "taken": found.taken, "cut": len(rows) - (found.taken or 0), "ties": ranking_page.tie_lines(scope, found),
        "lacks": missing_sentences(found.queue, found.names),
    }  # fmt: skip
