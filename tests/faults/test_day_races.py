"""The cadre's day by several hands at the same moment: sections, papers, photos, the check of the area, the notice that runs out (trust 86, 89)."""

import io
from datetime import date

import pytest

from assessment.actions.photos import add_photo
from assessment.actions.surveys import save_draft, submit_survey
from assessment.models import LookPhoto, Survey
from core import jobs
from core.models import Job, JobState
from fupin.invariants import head_counts_agree, households_have_one_head
from households.actions import update_household
from households.actions.family import Answer, Wish, answer_transfer, ask_transfer
from households.actions.papers import add_paper
from households.actions.quality_run import request_check
from households.consent import PaperEntry
from households.entries import HouseholdEntry
from households.family import Happening
from households.models import Doubt, Household, HouseholdVersion, Membership, Paper
from tests.assessment.list_ground import entry_of
from tests.core.scan_files import pdf, photo
from tests.faults.racing import ATTEMPTS, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
again_and_again = pytest.mark.parametrize("seed", range(ATTEMPTS))
VILLAGE, OTHER = "422827102200", "422827102201"
AT = Happening(date(2016, 6, 1))


@pytest.fixture(autouse=True)
def the_households_are_whole(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("core.jobs.runner._nudge", lambda job_id: None)
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    yield
    for check in (households_have_one_head, head_counts_agree):
        assert list(check()) == []
    for household in Household.objects.all():
        known = HouseholdVersion.objects.filter(household=household).values_list("version", flat=True)
        assert len(known) == len(set(known)), "a version was written twice"


@pytest.fixture
def household(round_, make_household):
    return make_household(VILLAGE, 1, members=3)


@pytest.fixture
def save(scope, household):
    """`save("lead", structure="brick")` → a call that saves these facts as the household stands now."""

    def make(login, **facts):
        caller, version = scope(login), Household.objects.get(pk=household.pk).version
        entry = HouseholdEntry(None, facts)
        return lambda: update_household(scope=caller, code=household.code, version=version, entry=entry)

    return make


@again_and_again
@pytest.mark.parametrize("second", [{"structure": "wood"}, {"cause": "01"}], ids=["same-section", "other-section"])
def test_of_two_cadres_who_save_one_household_one_is_told(save, household, second, seed):
    results = at_once(save("cadre", structure="brick"), save("lead", **second), seed=seed)
    assert refusals(results) == ["stale"]
    assert Household.objects.get(pk=household.pk).version == household.version + 1


@again_and_again
def test_a_check_of_the_area_beside_a_save_leaves_the_doubts_of_the_last_facts(save, household, scope, seed):
    job = request_check(scope=scope("cadre"), area=VILLAGE)
    results = at_once(save("lead", cause="01"), lambda: jobs.run(str(job.pk)), seed=seed)
    assert refusals(results) == [] and Job.objects.get(pk=job.pk).state == JobState.DONE
    beside = standing()
    again = request_check(scope=scope("cadre"), area=VILLAGE)
    assert jobs.run(str(again.pk)).state == JobState.DONE and standing() == beside


def standing() -> list[tuple]:
    return sorted(Doubt.objects.filter(state="open").exclude(household=None).values_list("rule", "subject", "fingerprint"))


def paper(scope, household, login, content):
    head, caller = household.memberships.get(relation="01"), scope(login)
    entry = PaperEntry("application", date(2016, 6, 1), signer=str(head.uuid), surveyor_name="覃晓燕", face_to_face=True)
    return lambda: add_paper(scope=caller, household=household.code, entry=entry, file=io.BytesIO(content))


@again_and_again
def test_one_paper_sent_twice_at_once_is_one_row(scope, household, seed):
    results = at_once(paper(scope, household, "cadre", pdf()), paper(scope, household, "lead", pdf()), seed=seed)
    assert refusals(results) == [] and Paper.objects.count() == 1 and results[0].pk == results[1].pk


@again_and_again
def test_one_picture_sent_twice_at_once_is_one_photo(scope, household, round_, seed):
    content = photo((64, 48))

    def send(login):
        caller = scope(login)
        return lambda: add_photo(scope=caller, household_code=household.code, round_code=round_.code, look="A", file=io.BytesIO(content))

    results = at_once(send("cadre"), send("lead"), seed=seed)
    assert refusals(results) == [] and LookPhoto.objects.count() == 1 and results[0].pk == results[1].pk


@again_and_again
def test_a_transfer_agreed_while_the_member_is_edited_keeps_the_person_once(scope, household, make_household, seed):
    daughter, other = household.memberships.filter(relation="04").first(), make_household(OTHER, 1)
    wish = Wish(reason="married", member=str(daughter.uuid), to_code=other.code, relation="05")
    asked = ask_transfer(scope=scope("cadre"), code=household.code, version=1, wish=wish, happening=AT)
    version = Household.objects.get(pk=household.pk).version
    lead, cadre2, entry = scope("lead"), scope("cadre2"), entry_of(household)
    results = at_once(
        lambda: update_household(scope=lead, code=household.code, version=version, entry=entry),
        lambda: answer_transfer(scope=cadre2, uuid=str(asked.uuid), version=1, answer=Answer(True)),
        seed=seed,
    )
    assert not isinstance(results[1], Exception) and refusals(results) in ([], ["stale"])
    assert Membership.objects.current().get(person=daughter.person).household.pk == other.pk


@again_and_again
def test_a_form_submitted_while_a_section_is_saved_freezes_one_version_or_the_other(scope, household, round_, save, seed):
    cadre, rubric = scope("cadre"), round_.rubric.value
    answers = {item.code: item.options[0].code for item in rubric.indicators}
    notes = dict.fromkeys(answers, "入户看过，按现场填写。")
    draft = save_draft(
        scope=cadre, household_code=household.code, round_code=round_.code, answers=answers, notes=notes, surveyed_on=date(2016, 7, 1),
        surveyor_name="覃晓燕",
    )  # fmt: skip
    submit = lambda: submit_survey(scope=cadre, household_code=household.code, round_code=round_.code, version=draft.version)  # noqa: E731
    results = at_once(submit, save("lead", structure="wood"), seed=seed)
    assert refusals(results) in ([], ["incomplete"]) and not isinstance(results[1], Exception), results
    submitted = list(Survey.objects.filter(status="submitted").values_list("household_version", flat=True))
    if refusals(results):  # the save came first: its doubts are what the submission was refused for
        assert submitted == [] and Doubt.objects.filter(household=household, state="open").exists()
    else:
        assert submitted in ([1], [2]), "a form of no version that was ever stored"
