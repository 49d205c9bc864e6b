"""Believable households of a poor mountain county, the same at every start (one seed)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from fupin.demo.people import People
from households.importing.model import RosterHousehold, RosterMember

CAUSES = ("01", "02", "03", "04", "07", "08", "09", "10", "11")
CAUSE_WEIGHTS = (30, 14, 12, 6, 8, 14, 10, 3, 3)
RARELY = 0.02  # a car or a large machine keeps a household off the list in principle (D6-02): the demo shows a few
WORKERS, SENIOR = ("01", "02"), ("07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17")
ETHNICITY = ("15", "06", "01")


@dataclass(frozen=True)
class VillagePlan:
    """A village to fill: how many households, in which groups."""

    code: str
    groups: tuple[str, ...]
    households: int


def households_of(plan: VillagePlan, random: Random, people: People, today: date) -> Iterator[RosterHousehold]:
    for number in range(1, plan.households + 1):
        cause = random.choices(CAUSES, CAUSE_WEIGHTS)[0]
        code = f"{plan.code}{number:04d}"
        members = tuple(_members(code, cause, random, people, today))
        wealth = random.random()
        facts = _sensible(_house(wealth, random) | _register(cause, wealth, members, random), members)
        phone = f"190{random.randrange(10**8):08d}"
        yield RosterHousehold(code, plan.code, random.choice(plan.groups), members, facts, phone)


def _members(code: str, cause: str, random: Random, people: People, today: date) -> Iterator[RosterMember]:
    ethnicity = random.choices(ETHNICITY, (50, 30, 20))[0]
    head_sex = "M" if random.random() < 0.8 else "F"
    shape = _shape(random)
    surname = people.name("M")[0]
    head_age = 0
    for order, (relation, sex, ages) in enumerate(shape, 1):
        sex = sex or (head_sex if relation == "01" else ("F" if head_sex == "M" else "M"))
        birth = people.birth(*_beside(relation, ages, head_age), today)
        age = today.year - birth.year
        head_age = head_age or age
        struck = order == 1 or (order == 2 and random.random() < 0.3)
        own_surname = surname if relation in ("01", "03", "04", "11", "07") else ""
        yield RosterMember(
            code=f"{code}{order:02d}", name=people.name(sex, own_surname), identity=people.identity(birth, sex), birth=birth,
            sex=sex, relation=relation, ethnicity=ethnicity, **_condition(age, cause, struck, random),
        )  # fmt: skip


def _beside(relation: str, ages: tuple[int, int], head_age: int) -> tuple[int, int]:
    """The span of ages that a spouse, a child or a parent of this head can have."""
    youngest, oldest = ages
    if relation == "02":
        return head_age - 8, head_age + 8
    if relation in ("03", "04"):
        oldest = min(oldest, head_age - 20)
        return min(oldest, max(youngest, head_age - 45)), oldest
    if relation in ("11", "12"):
        return max(youngest, head_age + 18), max(oldest, head_age + 30)
    return ages


def _shape(random: Random) -> list[tuple[str, str, tuple[int, int]]]:
    """Relation, sex ('' = head's or spouse's) and span of ages; households of one to six, seldom twelve."""
    shape = [("01", "", (34, 68))]
    if random.random() < 0.75:
        shape.append(("02", "", (32, 66)))
    for _ in range(random.choices((0, 1, 2, 3), (30, 35, 28, 7))[0]):
        boy = random.random() < 0.5
        shape.append(("03", "M", (4, 24)) if boy else ("04", "F", (4, 24)))
    if random.random() < 0.35:
        shape.append(("12", "F", (70, 88)) if random.random() < 0.6 else ("11", "M", (70, 88)))
    return shape


def _condition(age: int, cause: str, struck: bool, random: Random) -> dict[str, object]:
    """Health, school and work that fit the age and the household's cause."""
    health, skill = "01", "01" if 16 <= age <= 65 else "04"
    if cause == "01" and struck:
        health, skill = ("03", "03") if random.random() < 0.5 else ("02", "05")
    elif cause == "02" and struck:
        health, skill = "04", "03"
    elif age > 65 and random.random() < 0.4:
        health = "02"
    in_school, education = _school(age, random)
    works = skill == "01" and in_school == "01" and age >= 18 and random.random() < 0.45
    return {
        "health": health,
        "skill": "04" if in_school > "01" else skill,
        "schooling": in_school,
        "education": education,
        "work_place": random.choice(("01", "02", "03")) if works else "",
        "work_months": random.choice((3, 6, 8, 10, 11)) if works else None,
        "serious_illness_insured": random.random() < 0.7,
    }


def _school(age: int, random: Random) -> tuple[str, str]:
    """(在校生状况, 文化程度): exactly one of the two says something (brief 3.6)."""
    if age < 3:
        return "01", "06"
    if age < 6:
        return "02", ""
    if age < 12:
        return "03", ""
    if age < 15:
        return random.choice(("04", "05", "06")), ""
    if age < 18 and random.random() < 0.8:
        return random.choice(("07", "08", "09", "10", "11")), ""
    if age < 22 and random.random() < 0.25:
        return "16", ""
    return "01", random.choices(("01", "02", "03", "04", "05"), (15 if age > 50 else 3, 35, 35, 12, 3))[0]


def _house(wealth: float, random: Random) -> dict[str, object]:
    step = min(3, int(wealth * 4))
    danger = ("D", "C", "B", "A")[step] if random.random() < 0.8 else "B"
    return {
        "structure": ("thatch", "other", "brick_wood", "brick_concrete")[step],
        "danger_level": danger,
        "dangerous_house": danger in ("C", "D"),
        "area_m2": Decimal(random.randint(40 + 20 * step, 90 + 25 * step)),
        "water_safe": random.random() < 0.5 + 0.15 * step,
        "water_difficult": random.random() < 0.35 - 0.1 * step,
        "tap_water": random.random() < 0.2 + 0.2 * step,
        "electricity": random.random() < 0.98,
        "road": random.choices(("mud", "gravel", "cement"), (5 - step, 4, 1 + 2 * step))[0],
        "cultivated_mu": Decimal(random.randint(0, 90)) / 10,
        "appliances": sorted(random.sample(("tv", "fridge", "washer"), min(3, step + random.randint(0, 1)))),
        "vehicle": random.choices(("none", "bicycle", "motorcycle", "car"), (5 - step, 3, 4, step * RARELY))[0],
        "machines": random.choices(("none", "small1", "small2", "large"), (6 - step, 5, 3, step * RARELY))[0],
    }


def _register(cause: str, wealth: float, members: tuple[RosterMember, ...], random: Random) -> dict[str, object]:
    alone_and_old = len(members) == 1 and wealth < 0.4
    attribute = "06" if alone_and_old else ("04" if wealth < 0.45 else "01")
    return {
        "attribute": attribute,
        "exit_status": "0",
        "cause": cause,
        "net_income_per_head": int(1200 + 2400 * wealth + random.randint(-200, 200)),
    }


def _sensible(facts: dict[str, object], members: tuple[RosterMember, ...]) -> dict[str, object]:
    """What was drawn apart but cannot stand together: doubts of the demo are to be worth a look, not noise."""
    workers = sum(member.skill in WORKERS for member in members)
    if facts["tap_water"]:
        facts["water_safe"] = True
    if facts["water_safe"]:
        facts["water_difficult"] = False
    if not facts["electricity"]:
        facts["appliances"] = []
    if facts["cause"] == "03" and not any(member.schooling in SENIOR for member in members):
        facts["cause"] = "07"
    if facts["cause"] == "08" and 2 * workers >= len(members):
        facts["cause"] = "10"
    if facts["attribute"] == "06" and workers:
        facts["attribute"] = "04"
    return facts
