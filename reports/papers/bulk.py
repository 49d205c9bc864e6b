"""Papers of many households into one ZIP: a PDF for each paper and group, in parts that keep memory small."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from assessment.models import Round
from core.errors import WrongState
from core.scope import Scope
from households.models import Household
from reports.papers.lists import registered_in
from reports.papers.making import check_right, print_sheets
from reports.papers.model import Area, Ask, Paper
from reports.papers.words import UNGROUPED

PART = 60
"""Households in one PDF: about 200 pages at most, and less than a second of setting."""
MOST_HOUSEHOLDS = 3000
Progress = Callable[[int, int, str], None]


def write_papers(
    target: BinaryIO, scope: Scope, area: Area, papers: Sequence[Paper], round_: Round, *, blank: bool, progress: Progress
) -> dict[str, int]:
    """Write the ZIP; answers how many households and PDFs, and how many sheets had nothing to be filled with. WrongState when empty."""
    households = list(registered_in(scope, area)[: MOST_HOUSEHOLDS + 1])
    if not households:
        raise WrongState("这里还没有登记农户，没有可打印的。", code="nothing_to_print")
    if len(households) > MOST_HOUSEHOLDS:
        raise WrongState(f"这里超过 {MOST_HOUSEHOLDS} 户，请按组打印。", code="too_many")
    total, done, files, skipped = len(households) * len(papers), 0, 0, []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for paper in papers:
            for name, part in _parts(households):
                sheets, missed = _sheets(scope, paper, part, round_, blank=blank)
                skipped += missed
                if sheets:
                    book.writestr(f"{paper.title}/{name}_{paper.title}.pdf", print_sheets(paper, sheets, made_by=scope.actor_label, blank=blank))
                    files += 1
                done += len(part)
                progress(done, total, f"{paper.title} {name}")
        if skipped:
            book.writestr("没有打印的户.txt", "\ufeff" + "\r\n".join(skipped) + "\r\n")
    return {"households": len(households), "files": files, "skipped": len(skipped)}


def _parts(households: Sequence[Household]) -> Iterator[tuple[str, list[Household]]]:
    """By group, at most PART in one; the rows come ordered by group."""
    groups: dict[str, list[Household]] = {}
    for row in households:
        groups.setdefault(row.group.name if row.group else UNGROUPED, []).append(row)
    for name, rows in groups.items():
        for start in range(0, len(rows), PART):
            number = f"-{start // PART + 1}" if len(rows) > PART else ""
            yield f"{name}{number}", rows[start : start + PART]


def _sheets(scope: Scope, paper: Paper, households: Sequence[Household], round_: Round, *, blank: bool) -> tuple[list, list[str]]:
    """The sheets, and why the others could not be filled. The right is asked for each household: it is the gate of the page too."""
    sheets, missed = [], []
    for household in households:
        check_right(scope, paper, household, blank=blank)
        try:
            sheets.append(paper.build(Ask(scope, household, blank, round_)))
        except WrongState as reason:
            missed.append(f"{household.code} {household.head_name} {paper.title}：{reason.message}")
    return sheets, missed
