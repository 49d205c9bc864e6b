"""人员分类: which of a village's figures a person counts in (A9-14: 60 岁以上、大病、慢性病、残疾、低保, in school by stage). Pure.

A person may count in several. They are counted on the round's reference date and frozen with the form (ruling 4).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.periods import age_on

LONG_ILL, GRAVELY_ILL, DISABLED = "02", "03", "04"
MENTAL = "6"
OLD, SCHOOL_AGE = 60, 6
PRIMARY, JUNIOR, SENIOR, VOCATIONAL, COLLEGE = ("03",), ("04", "05", "06"), ("07", "08", "09"), tuple(f"{n}" for n in range(10, 16)), ("16",)


@dataclass(frozen=True, slots=True)
class Person:
    """What is asked of one member, as stored; `age` on the reference date, None when the birth date is not known."""

    age: int | None = None
    health: str = ""
    disability_kind: str = ""
    disability_grade: int | None = None
    schooling: str = ""
    dibao: bool | None = None
    work_place: str = ""

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(self.health.split(","))

    @property
    def is_disabled(self) -> bool:
        return DISABLED in self.conditions or bool(self.disability_kind) or self.disability_grade is not None


@dataclass(frozen=True, slots=True)
class Cohort:
    code: str
    name: str
    definition: str
    holds: Callable[[Person], bool]
    private: bool = False
    """Whether to count somebody in tells of an illness: the number is for all, the households behind it for those who may see health."""


COHORTS = (
    Cohort("OLD", "60岁及以上", "基准日满 60 周岁的在户成员", lambda one: one.age is not None and one.age >= OLD),
    Cohort("INFANT", "学龄前儿童", "基准日不满 6 周岁的在户成员", lambda one: one.age is not None and one.age < SCHOOL_AGE),
    Cohort("GRAVE", "患大病", "健康状况登记为大病的在户成员", lambda one: GRAVELY_ILL in one.conditions, private=True),
    Cohort("CHRONIC", "长期慢性病", "健康状况登记为慢性病的在户成员", lambda one: LONG_ILL in one.conditions, private=True),
    Cohort("DISABLED", "残疾", "健康状况含“残疾”或登记了残疾证的在户成员", lambda one: one.is_disabled, private=True),
    Cohort("MENTAL", "精神残疾", "残疾类别为“精神”的在户成员", lambda one: one.disability_kind == MENTAL, private=True),
    Cohort("DIBAO", "享受低保", "登记为享受低保的在户成员", lambda one: one.dibao is True),
    Cohort("PRIMARY", "小学在校", "在校生状况为小学的在户成员", lambda one: one.schooling in PRIMARY),
    Cohort("JUNIOR", "初中在校", "在校生状况为七至九年级的在户成员", lambda one: one.schooling in JUNIOR),
    Cohort("SENIOR", "高中在校", "在校生状况为普通高中的在户成员", lambda one: one.schooling in SENIOR),
    Cohort("VOCATIONAL", "中职高职在校", "在校生状况为中职或高职的在户成员", lambda one: one.schooling in VOCATIONAL),
    Cohort("COLLEGE", "大专及以上在校", "在校生状况为大专及以上的在户成员", lambda one: one.schooling in COLLEGE),
    Cohort("MIGRANT", "外出务工", "登记了务工地的在户成员", lambda one: bool(one.work_place)),
)  # fmt: skip
CODES = tuple(cohort.code for cohort in COHORTS)


def counted(persons: Iterable[Person]) -> str:
    """The household's counts as they are frozen with its form: `CHRONIC:1 OLD:2`, in the order of COHORTS, "" for none."""
    found: Counter[str] = Counter()
    for one in persons:
        found.update(cohort.code for cohort in COHORTS if cohort.holds(one))
    return " ".join(f"{code}:{found[code]}" for code in CODES if found[code])


def read(text: str) -> dict[str, int]:
    """The counts of `counted`, by code."""
    pairs = (part.partition(":") for part in text.split())
    return {code: int(number) for code, _, number in pairs}


def person_of(day: date, birth: date | None, **facts: object) -> Person:
    return Person(age=age_on(birth, day) if birth and birth <= day else None, **facts)
