"""Which place a page of figures is about, and which others its reader may choose: county, townships, or the own villages."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.models import Round
from core.errors import NotFound
from core.scope import Scope
from reports.actions import find_round
from reports.areas import areas, highest_level, table_scope
from reports.home import current_round

_LEVELS = {6: "county", 9: "township", 12: "village"}


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Picked:
    """`level` and `code` of the place asked for, or of the widest one the reader may open; `options` = what the select box offers."""

    level: str
    code: str
    options: tuple[Option, ...]

    @property
    def is_listed(self) -> bool:
        """Whether the select box holds the place; a village opened by its address from the county's page is not in it."""
        return any(option.code == self.code for option in self.options)


def pick_round(scope: Scope, code: str) -> Round:
    """The round asked for, else the newest open one, else the last; Denied without the right to tables, whatever there is."""
    table_scope(scope)
    round_ = find_round(scope, code) if code else current_round(scope)
    if round_ is None:
        raise NotFound("还没有识别批次，或批次不在您负责的县。")
    return round_


def pick_area(scope: Scope, round_: Round, code: str) -> Picked:
    """NotFound for a code that is none; whether its table may be opened is asked when it is built."""
    highest = highest_level(scope)
    options = _options(scope, round_, highest)
    if not code:
        if not options:
            raise NotFound
        return Picked(highest, options[0].code, options)
    level = _LEVELS.get(len(code))
    if level is None:
        raise NotFound
    return Picked(level, code, options)


def _options(scope: Scope, round_: Round, highest: str) -> tuple[Option, ...]:
    """A county with its townships, a township office its own, a cadre the villages."""
    levels = ("county", "township") if highest == "county" else (highest,)
    return tuple(
        Option(place.code, getattr(place, "short_name", place.name)) for level in levels for place in areas(level, scope, round_.county_id)
    )
