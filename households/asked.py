"""Which of a household's declared fields want an answer, and which are answered: what 未填 counts (brief 3.7). Pure."""

from collections.abc import Callable, Mapping

from households.fields import Field, Section, is_filled

Reads = Callable[[str], object]

EXITED = ("1", "4")
NOT_OUT, GENERAL_FARMER, MONITOR = "0", "05", "monitor"
DANGEROUS = ("C", "D")
OPTIONAL = frozenset({"other_causes", "danger_level", "monitor_kind", "exit_year", "risk_note", "removal", "removed_on", "dangerous_house"})
"""May stay blank in an honest file; each is asked where another answer calls for it (`CALLED_FOR`)."""
MONITORED = frozenset({"monitored_on", "risks", "monitor_measures"})

CALLED_FOR: Mapping[str, Callable[[Reads], bool]] = {
    "exit_year": lambda read: read("exit_status") in EXITED,
    "dangerous_house": lambda read: not read("danger_level"),
    "risk_note": lambda read: "other" in (read("risks") or ()),
    "removal": lambda read: is_filled(read("removed_on")),
    "removed_on": lambda read: is_filled(read("removal")),
} | {name: lambda read: bool(read("monitor_kind")) for name in MONITORED}


def is_asked(field: Field, read: Reads) -> bool:
    """Whether a blank here is something to fill in. `read(name)` gives the stored value."""
    called = CALLED_FOR.get(field.name)
    return called(read) if called else field.name not in OPTIONAL


def is_out_of_question(section: Section, read: Reads) -> bool:
    """监测 watches those who are out of poverty or at its edge: a poor household that is not out yet is not led there, and still may go."""
    poor = read("exit_status") == NOT_OUT and read("attribute") not in ("", None, GENERAL_FARMER)
    return section.code == MONITOR and poor and not any(is_filled(read(one.name)) for one in section.fields)


def tally(section: Section, read: Reads, sees: Callable[[Field], bool]) -> tuple[int, list[Field]]:
    """(filled, the fields still to fill) among those the reader may see."""
    seen = [one for one in section.fields if sees(one)]
    filled = sum(is_filled(read(one.name)) for one in seen)
    return filled, [one for one in seen if not is_filled(read(one.name)) and is_asked(one, read)]


def is_dangerous(read: Reads) -> bool | None:
    """危房户: as it was answered, else what the level says (C and D are, A and B are not); None where neither is known (AAC318)."""
    if read("dangerous_house") is not None:
        return read("dangerous_house")
    return read("danger_level") in DANGEROUS if read("danger_level") else None
