"""Submitted forms for figures: made straight in the database, as an import would leave them."""

import pytest
from django.utils import timezone

POINTS = {"DOUDI": 40, "DIBAO": 60, "YIBAN": 75, "TUOPIN": 90}


@pytest.fixture
def submit(round_):
    """`submit(household, "DIBAO")` → a submitted, scored form of that household in the round."""
    from assessment.models import Score, Survey

    def make(household, tier: str, **frozen):
        place = {
            "county": household.county,
            "township": household.township,
            "village": household.village,
            "group": household.group,
        }
        values = (
            place
            | {"persons": household.persons, "people": "", "attribute": household.attribute, "cause": household.cause}
            | frozen
        )
        now = timezone.now()
        survey = Survey.objects.create(
            round=round_,
            household=household,
            status="draft",
            answers="1" * 21,
            saved_at=now,
            submitted_at=now,
            **values,
        )  # a submitted form is immutable: the score comes first
        survey.status = "submitted"
        survey.score = Score.objects.create(
            survey=survey,
            rubric=round_.rubric,
            rubric_digest=round_.rubric.digest,
            points=POINTS[tier],
            look_points="",
            tier=tier,
            at=now,
        )
        survey.save(update_fields=["score", "status"])
        return survey

    return make


@pytest.fixture
def counted(make_household, submit):
    """Five households in two townships, four of them with a form."""
    a = make_household(number=1, members=3, attribute="01", cause="01")
    b = make_household(number=2, members=2, attribute="04", cause="02")
    b.group = None
    b.save(update_fields=["group"])
    c = make_household("422827102201", number=3, members=1, attribute="06", cause="", exit_status="1")
    d = make_household("422827103200", number=4, members=4, attribute="", cause="99")
    e = make_household("422827103200", number=5, members=2)
    for household, tier in ((a, "DOUDI"), (b, "DIBAO"), (c, "DIBAO"), (d, "TUOPIN")):
        submit(household, tier)
    return [a, b, c, d, e]


@pytest.fixture
def rolled(counted, round_):
    from reports.actions import roll_up, system_scope

    roll_up(scope=system_scope(round_), round_code=round_.code)
    return round_
