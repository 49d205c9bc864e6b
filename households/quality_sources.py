"""Findings that apps above bring to the doubts (answers against facts, family 15). They register when they start; nothing here knows them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from households.quality import Finding


@dataclass(frozen=True, slots=True)
class Brought:
    """A finding about a household. `ground` is the explanation that came with it (kept in memory, stored sealed), `by_id` whose it is."""

    household_id: int
    finding: Finding
    ground: str = ""
    by_id: int | None = None
    at: datetime | None = None
    membership_id: int | None = None


Source = Callable[[Sequence[int]], Iterable[Brought]]
Namer = Callable[[str], str]
_sources: list[Source] = []
_namers: list[Namer] = []


def register_source(source: Source, name: Namer) -> None:
    """`source(household ids)` costs a constant number of queries, however many households it is asked about; `name(rule)` says without a
    query what a rule of its is called, "" for another's."""
    if source not in _sources:
        _sources.append(source)
        _namers.append(name)


def name_of(rule: str) -> str:
    return next((found for name in _namers if (found := name(rule))), "")


def brought_for(household_ids: Sequence[int]) -> list[Brought]:
    return [found for source in _sources for found in source(household_ids)]
