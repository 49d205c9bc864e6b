"""A made-up county to measure on: put into the current database inside a transaction and rolled back. No person is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from random import Random

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from assessment.models import Round, RubricVersion, Score, Survey, SurveyStatus
from assessment.rubric import Rubric, canonical_json, load_default
from assessment.scoring import score
from core.scope import Grant, Scope
from households import codes
from households.models import Household
from villages.models import County, Township, Village, VillagerGroup

COUNTY, ROUND = "990000", "BENCH"
BATCH = 500
SEED = 1


@dataclass(frozen=True)
class Scratch:
    round: Round
    county: County
    rubric: Rubric
    scope: Scope


@contextmanager
def scratch(villages: int, households: int) -> Iterator[Scratch]:
    """`households` in each of `villages` villages of two groups, all with a submitted and scored form."""
    with transaction.atomic():
        try:
            yield _fill(villages, households, Random(SEED))  # noqa: S311 - the same content at every run
        finally:
            transaction.set_rollback(True)


def random_answers(rubric: Rubric, random: Random) -> str:
    return "".join(str(random.choice(item.options).ordinal) for item in rubric.indicators)


def _fill(villages: int, households: int, random: Random) -> Scratch:
    county = County.objects.create(code=COUNTY, name="基准县")
    rubric = load_default()
    version = RubricVersion.objects.create(code=ROUND, name=rubric.name, document=canonical_json(rubric), digest=rubric.digest)
    round_ = Round.objects.create(
        code=ROUND, name="基准", county=county, year=2016, reference_date=date(2016, 6, 30), rubric=version, opened_at=timezone.now()
    )
    places = _places(county, villages)
    Household.objects.bulk_create(_households(places, households, random), batch_size=BATCH)
    surveys = [_survey(round_, row, rubric, random) for row in Household.objects.filter(county=county)]
    Survey.objects.bulk_create(surveys, batch_size=BATCH)
    stored = Survey.objects.filter(round=round_)
    scores = [_score(pk, answers, rubric, version) for pk, answers in stored.values_list("pk", "answers")]
    Score.objects.bulk_create(scores, batch_size=BATCH)
    stored.update(score=Subquery(Score.objects.filter(survey=OuterRef("pk")).values("pk")[:1]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a planner without statistics would choose other plans than in production
    grant = Grant("bench", county_id=county.pk)
    return Scratch(round_, county, rubric, Scope(login="bench", rows=(grant,)))


def _places(county: County, count: int) -> list[VillagerGroup]:
    township = Township.objects.create(code=f"{COUNTY}100", name="基准乡", county=county)
    villages = [
        Village(code=f"{COUNTY}{100 + number // 500}{200 + number % 500}", name=f"村{number}", county=county, township=township)
        for number in range(count)
    ]
    made = Village.objects.bulk_create(villages, batch_size=BATCH)
    groups = [
        VillagerGroup(code=f"{village.code}{n:02d}", number=n, name=f"{n}组", county=county, township=township, village=village)
        for village in made
        for n in (1, 2)
    ]
    return VillagerGroup.objects.bulk_create(groups, batch_size=BATCH)


def _households(groups: list[VillagerGroup], each: int, random: Random) -> Iterator[Household]:
    attributes, causes = list(codes.ATTRIBUTE.items), list(codes.CAUSE.items)
    for number in range(len(groups) // 2 * each):
        group = groups[number % len(groups)]
        yield Household(
            code=f"99{number:014d}", county_id=group.county_id, township_id=group.township_id, village_id=group.village_id, group=group,
            persons=random.randint(1, 7), attribute=random.choice(attributes), cause=random.choice(causes),
            exit_status=random.choice("01"), registered_on=date(2016, 1, 1),
        )  # fmt: skip


def _survey(round_: Round, household: Household, rubric: Rubric, random: Random) -> Survey:
    now = timezone.now()
    return Survey(
        round=round_, household=household, county_id=household.county_id, township_id=household.township_id,
        village_id=household.village_id, group_id=household.group_id, status=SurveyStatus.SUBMITTED,
        answers=random_answers(rubric, random), persons=household.persons, attribute=household.attribute, cause=household.cause,
        saved_at=now, submitted_at=now,
    )  # fmt: skip


def _score(survey_id: int, answers: str, rubric: Rubric, version: RubricVersion) -> Score:
    made = score(rubric, answers)
    return Score(
        survey_id=survey_id, rubric=version, rubric_digest=rubric.digest, points=made.points,
        look_points=",".join(map(str, made.looks)), tier=made.tier.code, at=timezone.now(),
    )  # fmt: skip
