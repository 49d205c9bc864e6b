"""Findings that apps above bring to the doubts (answers against facts, family 15). They register when they start; nothing here knows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
Named = Callable[[], Mapping[str, str]]
_sources: list[Source] = []
_named: list[Named] = []


def register_source(source: Source, names: Named) -> None:
    """`source(household ids)` costs a constant number of queries, however many households it is asked about; `names()` says without a
    query what its rules are called, as far as they come with the program."""
    if source not in _sources:
        _sources.append(source)
        _named.append(names)


def name_of(rule: str) -> str:
    return rules_brought().get(rule, "")


def rules_brought() -> dict[str, str]:
    return {rule: name for names in _named for rule, name in names().items()}


def brought_for(household_ids: Sequence[int]) -> list[Brought]:
    return [found for source in _sources for found in source(household_ids)]
