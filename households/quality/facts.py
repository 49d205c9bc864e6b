"""What the checks read: a household, its members and its income sheets at a day, a village beside its neighbours. None = not known. Pure.

Columns keep the names of `households.fields`. Sealed values never come here: of a number only what a check needs (`IdReading`), of an
amount of deposit or debt only whether it is known and, for the exclusion conditions, the amount in memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class IdReading:
    """What a document number tells without being shown. `length` 0 = none on file; `valid` = shape, birth date and check digit hold."""

    kind: str = ""
    length: int = 0
    valid: bool = True
    birth: date | None = None
    sex: str = ""
    has_99999: bool = False
    elsewhere: int = 0
    """How many other living persons of the county have the same first 18 characters (0 unless the database was harmed)."""
    disability_length: int = 0
    disability_matches: bool | None = None
    disability_kind: str = ""
    disability_grade: int | None = None


@dataclass(frozen=True)
class MemberView:
    """A living member. `key` is the membership's uuid; `facts` holds the columns of `households.fields.MEMBER` by name (health as a
    frozenset, all others as stored; "" is None). `last_schooling` are the codes of this and the two years before, where known."""

    key: str
    name: str
    relation: str
    sex: str = ""
    birth: date | None = None
    age: int | None = None
    ethnicity: str = ""
    identity: IdReading = field(default_factory=IdReading)
    phone_known: bool = False
    last_schooling: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)

    def __getitem__(self, name: str):
        return self.facts.get(name)

    @property
    def health(self) -> frozenset[str]:
        return self.facts.get("health") or frozenset()


@dataclass(frozen=True)
class IncomeView:
    """An income sheet: parts by name (None = not asked), reckoned net and per head."""

    year: int
    parts: Mapping[str, Decimal | None]
    persons: int
    net: Decimal | None
    per_head: int | None

    def __getitem__(self, name: str) -> Decimal | None:
        return self.parts.get(name)


@dataclass(frozen=True)
class HouseholdView:
    """A household at `on`. `facts` holds the plain columns of `households.fields.HOUSEHOLD` ("" is None, other_causes a tuple) and
    `net_income_per_head`. `helper_is_poor` = the helper's name is that of a head on the register of the village. `income_line` = the poverty line of the
    year its income is of."""

    key: str
    code: str
    on: date
    registered_on: date
    persons: int
    has_group: bool
    head_pending: bool
    members: tuple[MemberView, ...]
    facts: Mapping[str, object] = field(default_factory=dict)
    phone_known: bool = False
    bank_card_known: bool = False
    savings: Decimal | None = None
    income: tuple[IncomeView, ...] = ()
    helper_is_poor: bool = False
    income_line: int | None = None

    def __getitem__(self, name: str):
        return self.facts.get(name)

    @property
    def head(self) -> MemberView | None:
        return next((member for member in self.members if member.relation == "01"), None)

    @property
    def sheet(self) -> IncomeView | None:
        """The newest income sheet."""
        return max(self.income, key=lambda one: one.year, default=None)

    @property
    def exited(self) -> bool:
        return self["exit_status"] in ("1", "4")

    @property
    def listed(self) -> bool:
        """On the register and not exited."""
        return self["exit_status"] in ("0", "3")


@dataclass(frozen=True)
class VillageView:
    """What only the neighbours together tell: counts and shares of a village on a day."""

    key: str
    name: str
    on: date
    households: int = 0
    persons: int = 0
    ungrouped: int = 0
    registered_households: int | None = None
    registered_population: int | None = None
    same_phone: int = 0
    """Households that share a phone with two or more others."""
    same_bank_card: int = 0
    without_survey: int = 0
