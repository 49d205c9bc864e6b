"""The score route against a second computation that reads only the published YAML: 100 random forms and every boundary."""

import random
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.api.conftest import api, make_token  # noqa: F401  # the client program of the API tests

DOCUMENT = yaml.safe_load(
    (Path(settings.BASE_DIR) / "assessment" / "rubrics" / "LKF-DEFAULT-1.yaml").read_text(encoding="utf-8")
)["rubric"]
LOOKS = {look["code"]: look["indicators"] for look in DOCUMENT["groups"]}
INDICATORS = [item for look in LOOKS.values() for item in look]
BOUNDARIES = {50: "DOUDI", 51: "DIBAO", 70: "DIBAO", 71: "YIBAN", 80: "YIBAN", 81: "TUOPIN"}

pytestmark = [pytest.mark.usefixtures("rubric_version"), pytest.mark.once]


def expected(answers: dict[str, str]) -> dict:
    """What the table says of these labels, added up by hand."""
    points = {item["code"]: dict(map(tuple, item["options"]))[answers[item["code"]]] for item in INDICATORS}
    total = sum(points.values())
    (tier,) = (tier for tier in DOCUMENT["tiers"] if tier["min"] <= total <= tier["max"])
    looks = [sum(points[item["code"]] for item in items) for items in LOOKS.values()]
    return {
        "score": total,
        "tier": {"code": tier["code"], "name": tier["name"]},
        "to_next_tier": None if tier["max"] == DOCUMENT["total"] else tier["max"] + 1 - total,
        "looks": dict(zip(LOOKS, looks, strict=True)),
        "answers": points,
    }


def answered(api, answers: dict[str, str]) -> dict:
    response = api.post("score/", {"rubric": DOCUMENT["code"], "answers": answers})
    assert response.status_code == 200, response.content
    body = response.json()
    return {name: body[name] for name in ("score", "tier", "to_next_tier")} | {
        "looks": {look["code"]: look["score"] for look in body["looks"]},
        "answers": {answer["code"]: answer["points"] for answer in body["answers"]},
    }


def form_worth(wanted: int) -> dict[str, str]:
    reached: dict[int, dict[str, str]] = {0: {}}
    for item in INDICATORS:
        reached = {
            total + points: chosen | {item["code"]: label}
            for total, chosen in reached.items()
            for label, points in item["options"]
        }
    return reached[wanted]


def test_a_client_gets_the_points_of_the_table_for_a_hundred_random_forms(api):
    dice, client = random.Random(20160630), api()
    forms = [{item["code"]: dice.choice(item["options"])[0] for item in INDICATORS} for _ in range(100)]
    assert len({expected(form)["score"] for form in forms}) > 20, "the forms are too much alike to prove anything"
    for form in forms:
        assert answered(client, form) == expected(form)


@pytest.mark.parametrize(("points", "tier"), BOUNDARIES.items())
def test_a_client_gets_the_tier_of_the_table_on_each_boundary(api, points, tier):
    form = form_worth(points)
    assert expected(form)["score"] == points and expected(form)["tier"]["code"] == tier
    assert answered(api(), form) == expected(form)
