"""重算得分 writes only what differs; publishing and opening refuse with reasons."""

from datetime import date
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessment.actions.rounds import open_round
from assessment.actions.rubrics import publish_rubric
from assessment.actions.scores import rescore
from assessment.actions.surveys import save_draft
from assessment.models import Round, RubricVersion, Score, Survey
from assessment.rubric import DEFAULT_PATH
from core.errors import BadInput, Denied, NotFound, WrongState


@pytest.fixture
def survey(make_household, round_):
    """`survey(1)` → a submitted form of household 1 with the best answers, scored as 100 points, without its action."""

    def make(number: int, points: int = 100, tier: str = "TUOPIN"):
        household = make_household(number=number)
        rubric = round_.rubric.value
        answers = "".join(str(max(item.options, key=lambda o: o.points).ordinal) for item in rubric.indicators)
        looks = ",".join(str(look.weight) for look in rubric.looks)
        made = Survey.objects.create(
            round=round_, household=household, county=household.county, township=household.township, village=household.village,
            answers=answers, look_points=looks, status="submitted", saved_at=timezone.now(), submitted_at=timezone.now(),
        )  # fmt: skip
        score = Score.objects.create(
            survey=made, rubric=round_.rubric, rubric_digest=round_.rubric.digest, points=points, look_points=looks, tier=tier,
            at=timezone.now(),
        )  # fmt: skip
        Survey.objects.filter(pk=made.pk).update(score=score)
        return made

    return make


@pytest.fixture
def document():
    """The default rubric's YAML as data, to change for one test."""
    return yaml.safe_load(DEFAULT_PATH.read_text(encoding="utf-8"))


@pytest.fixture
def write(tmp_path):
    def put(data):
        path = tmp_path / "rubric.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        return path

    return put


def test_a_rescore_writes_only_the_scores_that_differ(survey, scope, round_):
    survey(1)
    wrong = survey(2, points=60, tier="DIBAO")
    run = rescore(scope=scope("county"), round_code=round_.code)
    wrong.refresh_from_db()
    assert (run.compared, run.changed, wrong.score.points, wrong.score.run_id) == (2, 1, 100, run.pk)


def test_a_rescore_keeps_the_score_it_replaces(survey, scope, round_):
    wrong = survey(1, points=60, tier="DIBAO")
    rescore(scope=scope("county"), round_code=round_.code)
    assert list(wrong.scores.order_by("pk").values_list("points", flat=True)) == [60, 100]


def test_a_second_rescore_changes_nothing(survey, scope, round_):
    survey(1, points=60, tier="DIBAO")
    rescore(scope=scope("county"), round_code=round_.code)
    assert rescore(scope=scope("county"), round_code=round_.code).changed == 0


def test_a_township_may_not_rescore(scope, round_):
    with pytest.raises(Denied):
        rescore(scope=scope("township"), round_code=round_.code)


def test_a_rescore_under_another_rubric_moves_the_round_to_it(survey, scope, round_, document, write):
    made = survey(1)
    body = document["rubric"]
    body["code"] = "LKF-LOCAL-1"
    body["tiers"][2]["max"], body["tiers"][3]["min"] = 99, 100
    publish_rubric(path=write(document))
    run = rescore(scope=scope("county"), round_code=round_.code, rubric_code="LKF-LOCAL-1")
    made.refresh_from_db()
    assert (run.changed, made.score.rubric.code, Round.objects.get().rubric.code) == (1, "LKF-LOCAL-1", "LKF-LOCAL-1")


def test_a_rubric_that_cannot_score_the_forms_refuses_the_run(survey, scope, round_, document, write):
    survey(1)
    body = document["rubric"]
    body["code"] = "LKF-LOCAL-2"
    body["groups"][0]["indicators"][0]["options"] = [["差", 0], ["好", 5]]
    publish_rubric(path=write(document))
    with pytest.raises(BadInput):
        rescore(scope=scope("county"), round_code=round_.code, rubric_code="LKF-LOCAL-2")
    assert Round.objects.get().rubric.code == round_.rubric.code


def test_a_rubric_that_does_not_fit_a_draft_refuses_the_run_and_the_draft_still_opens(
    login, make_household, scope, round_, document, write
):
    household = make_household(number=7)
    common = {"scope": scope("cadre"), "household_code": household.code, "round_code": round_.code}
    save_draft(**common, answers={"A1": "A1-5"})
    body = document["rubric"]
    body["code"] = "LKF-LOCAL-3"
    body["groups"][0]["indicators"][0]["options"] = [["差", 0], ["好", 5]]
    publish_rubric(path=write(document))
    with pytest.raises(BadInput) as refusal:
        rescore(scope=scope("county"), round_code=round_.code, rubric_code="LKF-LOCAL-3")
    assert household.code in refusal.value.reasons[0]
    assert login("cadre").get(f"/households/{household.code}/survey/").status_code == 200


def test_the_command_says_what_it_compared_and_changed(survey, round_):
    survey(1, points=60, tier="DIBAO")
    out = StringIO()
    call_command("rescore", round_.code, stdout=out)
    assert "比对 1 份，改动 1 份" in out.getvalue()


def test_the_command_refuses_an_unknown_round(db):
    with pytest.raises(CommandError):
        call_command("rescore", "1999-XX")


def test_the_default_rubric_is_published_once(db):
    assert publish_rubric(path=DEFAULT_PATH).pk == publish_rubric(path=DEFAULT_PATH).pk
    assert RubricVersion.objects.get().status == "published"


def test_a_rubric_that_does_not_add_up_is_refused_with_reasons(db, document, write):
    document["rubric"]["groups"][0]["weight"] = 20
    with pytest.raises(BadInput) as refusal:
        publish_rubric(path=write(document))
    assert any("合计" in reason for reason in refusal.value.reasons)


def test_other_content_under_a_published_code_is_refused(db, document, write):
    document["rubric"]["code"] = "LKF-LOCAL-3"
    publish_rubric(path=write(document))
    document["rubric"]["name"] = "另一份"
    with pytest.raises(WrongState):
        publish_rubric(path=write(document))


def test_the_default_code_may_not_carry_other_scores(db, document, write):
    document["rubric"]["groups"][0]["indicators"][0]["options"][3][1] = 3
    with pytest.raises(BadInput):
        publish_rubric(path=write(document))


OPEN = {
    "code": "2017-DT",
    "name": "2017年动态调整",
    "year": 2017,
    "reference_date": date(2017, 6, 30),
    "rubric_code": "LKF-DEFAULT-1",
}


def test_a_county_officer_opens_a_round_of_the_own_county(scope, rubric_version, places):
    round_ = open_round(scope=scope("county"), **OPEN)
    assert (round_.county, round_.status, round_.rubric) == (places.county, "open", rubric_version)


def test_a_township_may_not_open_a_round(scope, rubric_version):
    with pytest.raises(Denied):
        open_round(scope=scope("township"), **OPEN)


def test_a_round_with_a_taken_code_is_refused(scope, rubric_version):
    open_round(scope=scope("county"), **OPEN)
    with pytest.raises(BadInput) as refusal:
        open_round(scope=scope("county"), **OPEN)
    assert list(refusal.value.fields) == ["code"]


def test_a_round_of_an_unknown_rubric_is_refused(scope, rubric_version):
    with pytest.raises(BadInput):
        open_round(scope=scope("county"), **OPEN | {"rubric_code": "X"})


def test_another_county_finds_no_such_round(scope, round_):
    with pytest.raises(NotFound):
        rescore(scope=scope("sysadmin"), round_code=round_.code)
