"""One household's facts for pages and papers: by section, masked by field class, with what follows from them and what is still to fill."""

from collections.abc import Callable
from dataclasses import dataclass

from core.ids import mask_phone
from core.scope import Scope
from households.asked import Reads, is_dangerous, is_out_of_question, tally
from households.entries import SECRET_FACTS
from households.fields import HOUSEHOLD, Field, Kind, Section, said
from households.models import Household
from households.secrets import reveal
from households.selectors import visible_fields

HOME, HOUSE, LAND = "home", "house", "land"
AT_THE_HEAD = ("phone", "attribute", "exit_status", "cause")
Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FactSection:
    """A section as the file shows it: the lines there are, and the labels of what is still to fill."""

    code: str
    title: str
    lines: tuple[Line, ...]
    blanks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the bar over the form: `filled` of `asked`; "" where that is not counted. The way from section to section leads past
    one that is `passed`."""

    code: str
    title: str
    count: str = ""
    is_done: bool = False
    passed: bool = False


def fact_sections(scope: Scope, household: Household) -> list[FactSection]:
    """All sections in their order; a value whose field class the caller has not is left out, label and all."""
    sees, read = visible_fields(scope, household), reader_of(household)
    return [_section(section, household, read, sees) for section in HOUSEHOLD.sections]


def _section(section: Section, household: Household, read: Reads, sees: Callable[[Field], bool]) -> FactSection:
    values = {one.name: _shown(one, read(one.name)) for one in section.fields if sees(one)}
    lines = [(HOUSEHOLD.named[name].label, value) for name, value in values.items() if value]
    _, blanks = tally(section, read, sees)
    more = [line for line in _computed(section.code, household, read, sees) if line[1]]
    return FactSection(section.code, section.title, (*lines, *more), tuple(one.label for one in blanks))


def _computed(code: str, household: Household, read: Reads, sees: Callable[[Field], bool]) -> list[Line]:
    """What follows from the facts; never stored, never put in the place of an answer."""
    each = household.persons or None
    if code == HOUSE:
        dangerous = "" if read("dangerous_house") is not None else {True: "是（按危房级别）", False: "不是（按危房级别）"}.get(is_dangerous(read), "")
        return [("人均住房面积", _per_head(household.area_m2, each, "㎡")), ("危房户", dangerous)]
    if code == LAND:
        return [("人均耕地面积", _per_head(household.cultivated_mu, each, "亩"))]
    if code == HOME and sees(HOUSEHOLD.named["savings"]) and household.net_income_per_head is not None:
        return [("人均纯收入", f"{household.net_income_per_head:,} 元")]
    return []


def _per_head(value, persons: int | None, unit: str) -> str:
    return f"{value / persons:.1f} {unit}" if value is not None and persons else ""


def _shown(one: Field, value: object) -> str:
    if one.kind == Kind.PHONE:
        return mask_phone(str(value))
    if one.kind == Kind.CARD:
        return f"尾号 {str(value)[-4:]}" if value else ""
    return said(one, value)


def fact_lines(scope: Scope, household: Household) -> list[tuple[str, list[Line]]]:
    """What is on file, for papers and small panes: (title, [(label, value)]), without what these say at their head."""
    apart = {HOUSEHOLD.named[name].label for name in AT_THE_HEAD}
    found = [(one.title, [line for line in one.lines if line[0] not in apart]) for one in fact_sections(scope, household)]
    return [(title, lines) for title, lines in found if lines]


def steps_of(scope: Scope, household: Household) -> list[Step]:
    """The entries of the bar: 人 with its persons, the sections with filled/asked."""
    sees, read = visible_fields(scope, household), reader_of(household)
    steps = [Step("members", "人", f"{household.persons}人", household.persons > 0)]
    for section in HOUSEHOLD.sections:
        filled, blanks = tally(section, read, sees)
        asked = filled + len(blanks)
        steps.append(Step(section.code, section.title, f"{filled}/{asked}" if asked else "无", bool(asked) and not blanks, is_out_of_question(section, read)))
    return steps


def reader_of(household: Household) -> Reads:
    """Stored values by declared name. A sealed one is opened when it is read; ask `sees` before showing it."""

    def read(name: str) -> object:
        return reveal(household, name) if name in SECRET_FACTS else getattr(household, name)

    return read


