"""What a kind of file is, and the plain roster that each of them spoils."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.assessment.roster_book import HEADERS, household
from tests.corpus.parts import packed, parts, sheet

ROSTER, SURVEYS = "花名册", "六看评估"
REFUSED, ERRORS, WARNED, ACCEPTED = "refused", "errors", "warned", "accepted"


@dataclass(frozen=True)
class Kind:
    """`says`: words of the refusal or of the reason; `place`: (row, column) of a fault in the roster, where it is known."""

    name: str
    trust: str
    build: Callable[[], bytes]
    verdict: str
    says: str = ""
    place: tuple[int | None, str] | None = None


def lines(persons: list[dict] | None = None, headers: list[str] | None = None) -> list[list[object]]:
    """Header and rows of a roster as cells."""
    names = headers or HEADERS
    return [list(names), *([one.get(name) for name in names] for one in persons or household(1))]


def plain(changes: Mapping[str, object] | None = None, more: Mapping[str, object] | None = None, xml: str = "") -> dict:
    """Parts of a good roster; `changes`: part → new text, or text → text."""
    made = parts({ROSTER: xml or sheet(lines())})
    for name, change in (changes or {}).items():
        made[name] = change(made[name]) if callable(change) else change
    return made | dict(more or {})


def book(changes: Mapping[str, object] | None = None, more: Mapping[str, object] | None = None, xml: str = "") -> bytes:
    return packed(plain(changes, more, xml))


def of_rows(rows: list[list[object]], before: str = "", after: str = "") -> bytes:
    return book(xml=sheet(rows, before, after))


def without(part: str) -> bytes:
    return packed({name: data for name, data in plain().items() if name != part})
