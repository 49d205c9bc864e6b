"""What is on file about a household, as the derivation rules read it. Pure; None is "not known", never "no"."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class MemberFacts:
    """One member at the reference date. Codes are the national ones; work_months and post_months are of the income year (0-12)."""

    age: int | None = None
    education: str | None = None
    schooling: str | None = None
    health: frozenset[str] | None = None
    disability_grade: int | None = None
    skill: str | None = None
    work_months: int | None = None
    post_months: int | None = None
    skilled_certificate: bool = False


@dataclass(frozen=True)
class HouseholdFacts:
    """A household at the reference date: ㎡, 亩, 元 a year. No members means the members are not known."""

    structure: str | None = None
    danger_level: str | None = None
    area_m2: Decimal | None = None
    water_safe: bool | None = None
    water_difficult: bool | None = None
    tap_water: bool | None = None
    electricity: bool | None = None
    road: str | None = None
    cultivated_mu: Decimal | None = None
    appliances: frozenset[str] | None = None
    vehicle: str | None = None
    machines: str | None = None
    savings: Decimal | None = None
    debt: Decimal | None = None
    education_debt: Decimal | None = None
    yearly_income: Decimal | None = None
    business_income: Decimal | None = None
    business_expense: Decimal | None = None
    dividend: Decimal | None = None
    persons: int | None = None
    members: tuple[MemberFacts, ...] = ()

    @property
    def head_count(self) -> int | None:
        """Registered persons, or the members when only they are known; None is unknown, 0 never divides."""
        return self.persons or len(self.members) or None

    @property
    def all_members(self) -> tuple[MemberFacts, ...] | None:
        """The members, unless some of the registered persons are not among them."""
        return self.members if self.members and self.persons in (None, len(self.members)) else None
