import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.answers import encode
from assessment.rubric import load_default
from assessment.scoring import score

RUBRIC = load_default()
pytestmark = [pytest.mark.usefixtures("rubric_version"), pytest.mark.once]


def forms_by_points() -> dict[int, dict[str, int]]:
    """Some complete form for each sum of points that answers can reach."""
    reached: dict[int, dict[str, int]] = {0: {}}
    for item in RUBRIC.indicators:
        reached = {
            points + option.points: chosen | {item.code: option.ordinal}
            for points, chosen in reached.items()
            for option in item.options
        }
    return reached


FORMS = forms_by_points()


@pytest.fixture
def caller_of_the_county(api):
    return api()


def post(caller, ordinals, how="label", rubric="LKF-DEFAULT-1"):
    answers = {code: getattr(RUBRIC.by_code[code].option(n), how) for code, n in ordinals.items()}
    return caller.post("score/", {"rubric": rubric, "answers": answers})


@pytest.mark.parametrize(
    ("points", "tier", "to_next"),
    [(50, "DOUDI", 1), (51, "DIBAO", 20), (70, "DIBAO", 1), (71, "YIBAN", 10), (80, "YIBAN", 1), (81, "TUOPIN", None)],
)
def test_client_gets_the_exact_tier_at_each_boundary(api, points, tier, to_next):
    body = post(api(), FORMS[points]).json()
    assert (body["score"], body["tier"]["code"], body["to_next_tier"]) == (points, tier, to_next)


def test_client_gets_the_shape_of_the_contract(api):
    body = post(api(), FORMS[58]).json()
    assert list(body) == ["score", "tier", "looks", "answers", "to_next_tier"]
    assert body["tier"] == {"code": "DIBAO", "name": "低保贫困户"}
    assert [look["code"] for look in body["looks"]] == list("ABCDEF") and set(body["looks"][0]) == {
        "code",
        "score",
        "max",
    }
    assert sum(look["score"] for look in body["looks"]) == 58 and sum(look["max"] for look in body["looks"]) == 100
    assert [set(answer) for answer in body["answers"]] == [{"code", "points", "max"}] * 21


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_client_gets_what_the_program_counts_for_any_form(caller_of_the_county, seed):
    dice = random.Random(seed)
    ordinals = {item.code: dice.choice(item.options).ordinal for item in RUBRIC.indicators}
    expected = score(RUBRIC, encode(RUBRIC, ordinals))
    body = post(caller_of_the_county, ordinals, how=dice.choice(["label", "code"])).json()
    assert body["score"] == expected.points
    assert body["tier"]["code"] == expected.tier.code
    assert [look["score"] for look in body["looks"]] == list(expected.looks)
    assert [answer["points"] for answer in body["answers"]] == [answer.points for answer in expected.answers]
    assert body["to_next_tier"] == expected.to_next_tier


def test_client_is_told_each_missing_unknown_and_extra_answer(api):
    answers = {item.code: item.options[0].code for item in RUBRIC.indicators}
    answers |= {"A1": "水晶宫", "B1": None, "C1": 3, "Z9": "无"}
    del answers["F3"]
    response = api().post("score/", {"rubric": "LKF-DEFAULT-1", "answers": answers})
    assert response.status_code == 400
    assert set(response.json()["fields"]) == {"A1", "B1", "C1", "Z9", "F3"}
    assert "未作答" in response.json()["fields"]["F3"][0]


def test_client_with_no_answers_is_told_all_twenty_one(api):
    response = api().post("score/", {"rubric": "LKF-DEFAULT-1", "answers": {}})
    assert response.status_code == 400 and len(response.json()["fields"]) == 21


@pytest.mark.parametrize("code", ["NO-SUCH", "", "LKF-DEFAULT-1'--"])
def test_client_with_an_unknown_rubric_is_refused(api, code):
    assert post(api(), FORMS[58], rubric=code).status_code == (404 if code else 400)


def test_client_cannot_score_with_a_draft_rubric(api, rubric_version):
    from assessment.models import RubricVersion

    RubricVersion.objects.create(
        code="DRAFT-1", name="草稿", document=rubric_version.document, digest="d", status="draft"
    )
    assert post(api(), FORMS[58], rubric="DRAFT-1").status_code == 404


@pytest.mark.parametrize(
    "body", ["[]", "null", '"x"', "{}", '{"rubric": 1, "answers": []}', '{"rubric": "a", "answers": {}, "b": 1}']
)
def test_client_with_a_body_of_another_shape_gets_400_and_no_fault(api, body):
    response = api().post("score/", body)
    assert response.status_code in (400, 404) and set(response.json()) == {"code", "message", "fields"}


def test_scoring_stores_nothing_but_the_audit_row(api):
    from assessment.models import Score, Survey
    from core.models import AuditRow, IdempotencyKey

    assert post(api(), FORMS[58]).status_code == 200
    assert not (Score.objects.exists() or Survey.objects.exists() or IdempotencyKey.objects.exists())
    row = AuditRow.objects.get(action="api.read")
    assert (row.object_kind, row.object_code) == ("score", "LKF-DEFAULT-1") and "砖" not in str(row.detail)


def test_client_may_send_an_idempotency_key_twice(api):
    body = {"rubric": "LKF-DEFAULT-1", "answers": {code: f"{code}-{n}" for code, n in FORMS[58].items()}}
    caller = api()
    first, second = (caller.post("score/", body, headers={"idempotency-key": "k1"}) for _ in range(2))
    assert first.json() == second.json() and second.status_code == 200
