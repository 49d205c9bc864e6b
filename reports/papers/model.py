"""What a printed paper is: of whom, for whom, with which field classes, and where its data comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assessment.models import Round
from core.scope import FieldClass, Scope
from villages.models import Village, VillagerGroup

TEMPLATES = Path(__file__).with_name("typ")
Data = dict[str, object]


class Level(StrEnum):
    """What a paper is of; the address names a household by 户编号, an area by village or group code, a meeting by its uuid."""

    HOUSEHOLD = "household"
    AREA = "area"
    SITTING = "sitting"


@dataclass(frozen=True, slots=True)
class Area:
    """A village, or one of its groups."""

    village: Village
    group: VillagerGroup | None = None

    @property
    def county_id(self) -> int:
        return self.village.county_id

    @property
    def township_id(self) -> int:
        return self.village.township_id

    @property
    def village_id(self) -> int:
        return self.village.pk

    @property
    def area_code(self) -> str:
        """The trail's place: rows of the trail are found by village, never by group."""
        return self.village.code

    @property
    def code(self) -> str:
        return self.group.code if self.group else self.village.code

    @property
    def name(self) -> str:
        return f"{self.village.short_name}{self.group.name if self.group else ''}"

    @property
    def filters(self) -> dict[str, int]:
        """Conditions on rows that carry `village_id` and `group_id`."""
        return {"village_id": self.village.pk} | ({"group_id": self.group.pk} if self.group else {})


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for one sheet. `target` is a Household, an Area or a Sitting; a blank form may be asked for an Area instead of a household."""

    scope: Scope
    target: object
    blank: bool = False
    round: Round | None = None
    stage: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """`build(ask)` answers the sheet's data: only texts, numbers of rows and marks, everything already in words; `check` in it is the
    校验码 of the facts it tells of. `classes` are the field classes that a filled one needs; `right` is asked at the target's place."""

    code: str
    title: str
    level: Level
    right: str
    build: Callable[[Ask], Data]
    about: str = ""
    classes: tuple[FieldClass, ...] = ()
    may_be_blank: bool = False
    in_bulk: bool = False

    @property
    def template(self) -> Path:
        return TEMPLATES / f"{self.code}.typ"
