"""The columns of the clerk's list beyond name and score, and how it is sorted. Reads the docket's lines; no query, no decision.

The order is the clerk's own and goes from village to village in the session, so that no address has to carry it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.http import HttpRequest

from assessment.docket import Docket, Line

SORT, KEPT = "sort", "desk_sort"
DEFAULT = "points"
_TIERS = ("DOUDI", "DIBAO", "YIBAN", "TUOPIN")


@dataclass(frozen=True, slots=True)
class Column:
    """`g` columns are left out on a phone; `open_only` ones say what still stands in the way."""

    code: str
    title: str
    key: Callable[[Line], object]
    css: str = ""
    open_only: bool = False


def _tier_place(code: str) -> int:
    return _TIERS.index(code) if code in _TIERS else len(_TIERS)


def votes_of(line: Line) -> str:
    """The last votes before this stage that still count: "28 : 1"."""
    return next((past.votes for past in reversed(line.past) if past.votes and counts(line, past)), "")


def counts(line: Line, past) -> bool:
    """A closed list is shown as it was decided then, though the household may have been sent back since."""
    return past.standing or (line.verdict is not None and past.pass_no == line.verdict.pass_no)


def _against(line: Line) -> tuple[bool, int, int]:
    """Most votes against first."""
    votes = votes_of(line)
    if not votes:
        return True, 0, 0
    for_, _, against = votes.partition(" : ")
    return False, -int(against), int(for_)


_STATES = {"": 0, "return": 1, "reject": 2, "agree": 3}
COLUMNS = (
    Column("name", "户主", lambda line: line.head_name),
    Column("group", "组", lambda line: (line.case.group.number if line.case.group_id else 999), "g nb"),
    Column("persons", "人数", lambda line: line.persons, "num g"),
    Column("rank", "排队", lambda line: (line.rank is None, line.rank.rank if line.rank else 0), "num"),
    Column("points", "得分", lambda line: (line.points is None, line.points or 0), "num"),
    Column("tier", "档次", lambda line: _tier_place(line.tier)),
    Column("last", "上年", lambda line: _tier_place(line.last), "g nb"),
    Column("votes", "票", _against, "num g"),
    Column("doubts", "疑点", lambda line: -line.doubts, "num g"),
    Column("excluded", "排除", lambda line: -len(line.excluded), "g", open_only=True),
    Column("lacking", "缺材料", lambda line: -len(line.lacking), "g", open_only=True),
    Column("opinion", "意见", lambda line: (bool(line.refused), _STATES[line.opinion])),
)
BY_CODE: Mapping[str, Column] = {column.code: column for column in COLUMNS}


def sort_of(request: HttpRequest) -> str:
    """As asked for, else as the clerk left it: a column's code, with a minus for the other way round."""
    asked = request.GET.get(SORT, "")
    if asked.removeprefix("-") in BY_CODE:
        if request.session.get(KEPT, DEFAULT) != asked:
            request.session[KEPT] = asked
        return asked
    kept = str(request.session.get(KEPT, DEFAULT))
    return kept if kept.removeprefix("-") in BY_CODE else DEFAULT


def in_order(table: Docket, sort: str) -> Docket:
    """Ties stay as they were: by score, then by number."""
    column = BY_CODE[sort.removeprefix("-")]
    if sort == DEFAULT:
        return table
    return replace(table, lines=tuple(sorted(table.lines, key=column.key, reverse=sort.startswith("-"))))


def heads(table: Docket, sort: str, base: str, show: str, prior_votes: str, *, ranked: bool) -> list[dict[str, object]]:
    """Heads of the list's columns, each with the address that sorts by it, or turns it round."""
    made = []
    for column in COLUMNS:
        hidden = (column.code == "votes" and not prior_votes) or (column.code == "rank" and not ranked)
        if hidden or (column.open_only and not table.open):
            continue
        current = sort.removeprefix("-") == column.code
        title = {"votes": f"{prior_votes}票", "opinion": f"{table.stage.name}意见"}.get(column.code, column.title)
        way = ("descending" if sort.startswith("-") else "ascending") if current else ""
        turned = f"-{column.code}" if current and not sort.startswith("-") else column.code
        made.append({"title": title, "css": column.css, "way": way, "url": f"{base}?sort={turned}&show={show}"})
    return made


def more_of(line: Line) -> dict[str, object]:
    """What a row shows beside what it always showed."""
    return {
        "last": line.last_name, "moved": line.moved, "excluded": line.excluded, "lacking": line.lacking, "refused": bool(line.refused),
    }  # fmt: skip
