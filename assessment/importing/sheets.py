"""Which sheet of a workbook is what: by its title, else by its headers (brief 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from os import PathLike

from assessment.importing import sheet as survey_sheet
from core.sheets import FileFacts, HeaderSpec, RefusedFile, match_key, read_rows
from households.importing import layout as roster_layout
from households.importing.national import HOUSEHOLDS, LEAST_HEADERS, PERSONS, known_headers

ROSTER, HOUSEHOLD, PERSON, SURVEY = "roster", "household", "person", "survey"
NATIONAL = (HOUSEHOLD, PERSON)
NAMES = {ROSTER: "花名册", HOUSEHOLD: "户表", PERSON: "人口表", SURVEY: "六看评估"}


@dataclass(frozen=True)
class Titles:
    """Title of the sheet of each kind; `passed`: sheets of a kind that is already there, which are not read."""

    found: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[str, ...] = ()

    def of(self, kind: str) -> str | None:
        return self.found.get(kind)


def specs(survey: HeaderSpec) -> dict[str, HeaderSpec]:
    return {ROSTER: roster_layout.ROSTER, HOUSEHOLD: HOUSEHOLDS, PERSON: PERSONS, SURVEY: survey}


def titles(path: str | PathLike, facts: FileFacts, layouts: Mapping[str, HeaderSpec]) -> Titles:
    """花名册 and 六看评估 by title; other visible sheets by what their first row says. A file in which nothing is recognised offers its first
    visible sheet as the roster, so that the missing columns are named."""
    if facts.kind == "csv":
        return Titles({_kind_of(path, facts, None, layouts) or ROSTER: roster_layout.SHEET})
    named = {match_key(sheet.name): sheet.name for sheet in facts.sheets}
    by_title = {ROSTER: roster_layout.SHEET, SURVEY: survey_sheet.SHEET}
    found = {kind: named[match_key(title)] for kind, title in by_title.items() if match_key(title) in named}
    others = [sheet.name for sheet in facts.sheets if not sheet.hidden and sheet.name not in found.values()]
    passed = []
    for name in others:
        kind = _kind_of(path, facts, name, layouts)
        beside_roster = kind in NATIONAL and ROSTER in found
        if kind in found or beside_roster:
            passed.append(name)
        elif kind is not None:
            found[kind] = name
    if not found:
        if not others:
            raise RefusedFile("sheet_missing", f"文件中没有工作表“{roster_layout.SHEET}”，其他工作表都已隐藏。请把要上传的工作表改成这个名称。")
        found[ROSTER] = others[0]
    return Titles(found, tuple(passed))


def _kind_of(path: str | PathLike, facts: FileFacts, title: str | None, layouts: Mapping[str, HeaderSpec]) -> str | None:
    """The layout that knows most of the headers; None where none of them knows enough."""
    rows = read_rows(path, title, facts=facts)
    header = next(iter(islice(rows, 1)), [])
    rows.close()
    counted = {kind: known_headers(spec, header) for kind, spec in layouts.items()}
    best = max(counted, key=counted.get)
    return best if counted[best] >= LEAST_HEADERS else None
