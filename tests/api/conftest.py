"""A client program with a token, and forms to read."""

import json
import secrets
from datetime import date, timedelta
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone


@pytest.fixture
def make_token(cast, places):
    """`make_token("422827102")` → the secret of a live token for that area; keyword arguments go to the row."""
    from accounts.models import ApiToken
    from accounts.tokens import PREFIX_LENGTH, digest_of

    def make(area: str = "422827", owner: str = "county", **values) -> str:
        secret = secrets.token_hex(32)
        place = {
            "county": places.county if len(area) == 6 else None,
            "township": places.townships.get(area),
            "village": places.villages.get(area),
        }
        defaults = {
            "expires_at": timezone.now() + timedelta(days=30),
            "name": "省级平台",
            "owner": getattr(cast, owner),
        }
        ApiToken.objects.create(prefix=secret[:PREFIX_LENGTH], digest=digest_of(secret), **place, **(defaults | values))
        return secret

    return make


class Caller:
    """What a client program does: one token, JSON in and out, no cookies kept."""

    def __init__(self, secret: str | None) -> None:
        self.headers = {"authorization": f"Token {secret}"} if secret else {}

    def get(self, path: str, headers: dict | None = None, **query):
        return Client().get(f"/api/v1/{path}", query, headers=self.headers | (headers or {}))

    def post(self, path: str, body, content_type: str = "application/json", headers: dict | None = None):
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return Client().post(f"/api/v1/{path}", text, content_type, headers=self.headers | (headers or {}))

    def every(self, path: str, **query) -> list[dict]:
        """All rows, page after page."""
        response = self.get(path, **query)
        found = []
        while True:
            assert response.status_code == 200, response.content
            body = response.json()
            found += body["results"]
            if body["next"] is None:
                return found
            response = Client().get(body["next"], headers=self.headers)


@pytest.fixture
def api(make_token):
    """`api("422827102")` → a caller with a token for that area; `api(None)` has no token."""

    def call(area: str | None = "422827", **token) -> Caller:
        return Caller(make_token(area, **token) if area else None)

    return call


@pytest.fixture
def caller():
    """`caller(secret)` → a caller with this secret."""
    return Caller


@pytest.fixture
def make_survey(round_, cast):
    """`make_survey(household, "DIBAO")` → a submitted form of the household with a score row."""
    from assessment.models import Score, Survey
    from assessment.scoring import score

    rubric = round_.rubric.value
    numbers = count(1)

    def make(household, answers: str | None = None, **values) -> Survey:
        pick = next(numbers)
        text = answers or "".join(str(item.options[pick % len(item.options)].ordinal) for item in rubric.indicators)
        got = score(rubric, text)
        looks = ",".join(map(str, got.looks))
        now = timezone.now()
        place = {name: getattr(household, name) for name in ("county", "township", "village", "group")}
        survey = Survey.objects.create(
            round=round_, household=household, status="submitted", answers=text, look_points=looks, saved_at=now,
            submitted_at=now, surveyed_on=date(2016, 5, 1), persons=household.persons, attribute=household.attribute,
            cause=household.cause, entered_by=cast.cadre, **place, **values,
        )  # fmt: skip
        survey.score = Score.objects.create(
            survey=survey, rubric=round_.rubric, rubric_digest=round_.rubric.digest, points=got.points,
            look_points=looks, tier=got.tier.code, at=now,
        )  # fmt: skip
        Survey.objects.filter(pk=survey.pk).update(score=survey.score)
        return survey

    return make


@pytest.fixture
def rolled_up(round_):
    """`rolled_up()` brings the tables up to date."""
    from reports.actions import roll_up, system_scope

    return lambda: roll_up(scope=system_scope(round_), round_code=round_.code, full=True)
