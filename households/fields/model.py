"""What a form, a page, a paper and a check may know about a field: one declaration (brief 3.7, 3.8). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.field_classes import FieldClass
from households.codes import CodeList


class Kind(StrEnum):
    """How a value is asked and stored: CHOICE one code, CHOICES several (JSON list, null = not asked, [] = none of them), YES_NO true,
    false or null, NUMBER whole, DECIMAL two decimals, YUAN money, TEXT one line, LONG several, PHONE, CARD, DATE, YEAR."""

    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    DECIMAL = "decimal"
    YUAN = "yuan"
    TEXT = "text"
    LONG = "long"
    PHONE = "phone"
    CARD = "card"
    DATE = "date"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the column (without `_enc` when `sealed`). `national` is the element code of the national system, "" where unknown.
    `seen_by` is the field class that opens the value; None = whoever sees the household."""

    name: str
    label: str
    kind: Kind
    codes: CodeList | None = None
    unit: str = ""
    lowest: Decimal | int | None = None
    highest: Decimal | int | None = None
    longest: int = 0
    help: str = ""
    sealed: bool = False
    seen_by: FieldClass | None = None
    national: str = ""

    @property
    def caption(self) -> str:
        """Label with its unit, as a form shows it."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Section:
    """A short page of a long file: `code` stands in the address."""

    code: str
    title: str
    fields: tuple[Field, ...]
    about: str = ""


def by_name(sections: tuple[Section, ...]) -> Mapping[str, Field]:
    return {one.name: one for section in sections for one in section.fields}


@dataclass(frozen=True, slots=True)
class Fields:
    """The sections of one table, with what others ask of them."""

    sections: tuple[Section, ...]
    named: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", by_name(self.sections))

    @property
    def plain(self) -> tuple[str, ...]:
        return tuple(name for name, one in self.named.items() if not one.sealed)

    @property
    def sealed(self) -> tuple[str, ...]:
        return tuple(name for name, one in self.named.items() if one.sealed)

    def section(self, code: str) -> Section | None:
        return next((section for section in self.sections if section.code == code), None)
