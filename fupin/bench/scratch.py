"""A made-up county to measure on: inside a transaction that is rolled back, or standing in a database of its own (`fupin.bench.rooms`).
No person is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from assessment.models import Round, RubricVersion, Score, Survey, SurveyStatus
from assessment.rubric import Rubric, canonical_json, load_default
from assessment.scoring import fast_scorer
from core import bulk
from core.scope import Grant, Scope
from households import codes, cohorts
from households.models import Household
from villages.models import County, Township, Village, VillagerGroup

COUNTY, ROUND = "990000", "BENCH"
SEED = 1
MOST_VILLAGES, LEAST = 2000, 25
"""The county of the targets has 2,000 villages; a small one has as many as leaves 25 households to each."""
PART = 50_000
AT = datetime(2016, 5, 1, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Scratch:
    round: Round
    county: County
    rubric: Rubric
    scope: Scope


@contextmanager
def scratch(villages: int, households: int) -> Iterator[Scratch]:
    """`households` in each of `villages` villages of two groups, all with a submitted and scored form. Whatever is done to them is undone."""
    with transaction.atomic():
        try:
            yield _standing() or fill(villages, households)
        finally:
            transaction.set_rollback(True)


def county_of(size: int) -> tuple[int, int]:
    """(villages, households in each) of a county of `size` households."""
    villages = min(MOST_VILLAGES, max(1, size // LEAST))
    return villages, size // villages


def fill(villages: int, households: int, *, forms: bool = True, code: str = COUNTY) -> Scratch:
    """The county, written into the current transaction. With a `code` of its own it is for places only: households are of COUNTY."""
    random = Random(SEED)  # noqa: S311 - the same content at every run
    county = County.objects.create(code=code, name="基准县")
    rubric = load_default()
    version = RubricVersion.objects.create(code=ROUND, name=rubric.name, document=canonical_json(rubric), digest=rubric.digest)
    round_ = Round.objects.create(
        code=ROUND, name="基准", county=county, year=2016, reference_date=date(2016, 6, 30), rubric=version, opened_at=AT
    )
    groups = _places(county, villages)
    for start in range(0, villages * households, PART):
        _fill_part(round_, groups, range(start, min(start + PART, villages * households)), random, forms=forms)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a planner without statistics would choose other plans than in production
    return _scratch(round_, rubric)


def _standing() -> Scratch | None:
    round_ = Round.objects.select_related("county", "rubric").filter(code=ROUND, county__code=COUNTY).first()
    return _scratch(round_, load_default()) if round_ else None


def _scratch(round_: Round, rubric: Rubric) -> Scratch:
    grant = Grant("bench", county_id=round_.county_id)
    return Scratch(round_, round_.county, rubric, Scope(login="bench", rows=(grant,)))


def random_answers(rubric: Rubric, random: Random) -> str:
    return "".join(str(random.choice(item.options).ordinal) for item in rubric.indicators)


def _places(county: County, count: int) -> list[VillagerGroup]:
    township = Township.objects.create(code=f"{county.code}100", name="基准乡", county=county)
    villages = [
        Village(code=f"{county.code}{100 + number // 500}{200 + number % 500}", name=f"村{number}", county=county, township=township)
        for number in range(count)
    ]
    bulk.insert(Village, villages)
    groups = [
        VillagerGroup(code=f"{village.code}{n:02d}", number=n, name=f"{n}组", county=county, township=township, village=village)
        for village in villages
        for n in (1, 2)
    ]
    bulk.insert(VillagerGroup, groups)
    return groups


_PLACE = ("county", "township", "village", "group")
_SHARED = (*_PLACE, "persons", "attribute", "cause")
_HOUSEHOLD = (
    "id", "uuid", "code", *_SHARED, "exit_status", "head_name", "head_pinyin", "registered_on", "created_at", "updated_at",
)  # fmt: skip
_SURVEY = (
    "id", "uuid", "household", *_SHARED, "round", "people", "answers", "look_points", "score", "status", "created_at", "saved_at", "submitted_at",
)  # fmt: skip
_SCORE = ("id", "survey", "points", "look_points", "tier", "rubric", "rubric_digest", "at")


def load(model: type[Model], names: tuple[str, ...], rows: list[tuple]) -> None:
    """`bulk.load` with what an empty row holds in every other column that may not be null."""
    rest = [field for field in model._meta.local_concrete_fields if field.name not in names and not field.null and not field.primary_key]
    blank = tuple(field.get_default() for field in rest)
    bulk.load(model, [*names, *(field.name for field in rest)], (row + blank for row in rows))


def _fill_part(round_: Round, groups: list[VillagerGroup], numbers: range, random: Random, *, forms: bool) -> None:
    attributes, causes, people = list(codes.ATTRIBUTE.items), list(codes.CAUSE.items), _people(random)
    pks, households = bulk.ids(Household, len(numbers)), []
    for pk, number in zip(pks, numbers, strict=True):
        group = groups[number % len(groups)]
        shared = (
            group.county_id, group.township_id, group.village_id, group.pk,
            random.randint(1, 7), random.choice(attributes), random.choice(causes),
        )  # fmt: skip
        own = (pk, UUID(int=random.getrandbits(128)), f"99{number:014d}", *shared, random.choice("01"), f"张{number % 10_000:04d}", "z")
        households.append((*own, date(2016, 1, 1), AT, AT))
    load(Household, _HOUSEHOLD, households)
    if not forms:
        return
    rubric, version = round_.rubric.value, round_.rubric
    scorer = fast_scorer(rubric)
    surveys, scores = [], []
    keys = zip(households, bulk.ids(Survey, len(pks)), bulk.ids(Score, len(pks)), strict=True)
    for household, survey, score in keys:
        answers = random_answers(rubric, random)
        points, looks, tier = scorer(answers)
        look_points = ",".join(map(str, looks))
        uuid = UUID(int=random.getrandbits(128))
        head = (survey, uuid, household[0], *household[3 : 3 + len(_SHARED)], round_.pk, random.choice(people), answers, look_points, score)
        surveys.append((*head, SurveyStatus.SUBMITTED, AT, AT, AT))
        scores.append((score, survey, points, look_points, tier.code, version.pk, version.digest, AT))
    load(Survey, _SURVEY, surveys)  # names scores that are not there yet: the database looks at COMMIT
    load(Score, _SCORE, scores)


def _people(random: Random) -> list[str]:
    """Counts of people as forms freeze them: a few hundred different ones, as in a county."""
    made = {" ".join(f"{code}:{random.randint(1, 3)}" for code in cohorts.CODES if random.random() < 0.12) for _ in range(400)}
    return sorted(made)
