"""The seal holds the income years, the photos and the signed papers of a household, not its row alone (issue 5.4; trust 2, 79)."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone
from list_ground import Ground, tamper

from assessment.models import LookPhoto, Verdict
from assessment.sealing import household_documents, leaf_of, verdict_document
from assessment.verification import verify_list
from core.uploads import store
from households.actions.income import save_income
from households.actions.papers import set_aside_paper
from households.models import Paper
from households.secrets import reveal, seal
from tests.assessment.papers_given import give_papers
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401

VILLAGE = "422827102200"


@pytest.fixture(scope="module")
def sealed(standing, tmp_path_factory):
    """One household with an income year, a photo and its papers, agreed to at 组评, 村议 and 乡核."""
    from django.conf import settings

    standing.patch.setattr(settings, "EVIDENCE_DIR", tmp_path_factory.mktemp("evidence"))
    case, by = standing.make_case(1), standing.cast.cadre
    save_income(
        scope=standing.scope("cadre"), code=case.household.code, year=2016, version=case.household.version, parts={"wage": Decimal(8000)}, rest_zero=True
    )
    place = {"county": case.county, "township": case.township, "village": case.village}
    with store.kept(b"picture"):
        LookPhoto.objects.create(
            round=case.round, household=case.household, look="A", sha256=store.digest_of(b"picture"), thumb_sha256="", media_type="image/jpeg",
            size=7, by=by, at=timezone.now(), **place,
        )
    give_papers([case])
    Ground(standing.scope, standing.cast).to("xd", [case])
    return SimpleNamespace(case=case, scope=standing.scope, found=lambda: verify_list(standing.round, standing.places.villages[VILLAGE]))


@pytest.fixture
def list_(db, sealed):
    return sealed


def fields(list_):
    return {name for finding in list_.found() for name in finding.fields}


def test_a_list_with_income_photos_and_papers_that_nobody_touched_is_well(list_):
    assert list_.found() == []


def test_an_income_changed_in_the_database_is_named(list_):
    tamper("UPDATE households_incomeyear SET wage = 800 WHERE household_id = %s", list_.case.household_id)
    assert "household.income" in fields(list_)


def test_a_deleted_photo_is_named(list_):
    tamper("DELETE FROM assessment_lookphoto WHERE household_id = %s", list_.case.household_id)
    assert {finding.what for finding in list_.found()} == {"锁定时的照片已不在"}


def test_a_photo_put_to_another_look_is_named(list_):
    tamper("UPDATE assessment_lookphoto SET look = 'B' WHERE household_id = %s", list_.case.household_id)
    assert fields(list_) == {"proof.photos"}


def test_a_paper_signed_by_another_name_in_the_database_is_named(list_):
    tamper("UPDATE households_paper SET signer_name = '李四' WHERE household_id = %s", list_.case.household_id)
    assert fields(list_) == {"proof.papers"}


def test_a_lost_file_of_a_photo_is_named_at_every_stage_that_saw_it(list_):
    path = store.path_of(store.digest_of(b"picture"))
    path.rename(path.with_suffix(".gone"))
    try:
        assert {finding.where for finding in list_.found()} == {"组评", "村议", "乡核"}
    finally:
        path.with_suffix(".gone").rename(path)


def test_a_paper_that_came_later_breaks_nothing(list_):
    give_papers([list_.case], ["registration"])
    assert list_.found() == []


def test_a_paper_set_aside_by_its_own_step_breaks_nothing(list_):
    paper = Paper.objects.filter(household=list_.case.household).first()
    set_aside_paper(scope=list_.scope("cadre"), paper=str(paper.uuid), reason="传错了户")
    assert not [finding for finding in list_.found() if "proof.papers" in finding.fields]


def test_a_decision_sealed_in_the_first_format_still_opens(list_):
    """What was sealed before income, photos and papers came in reads as it did."""
    verdict = Verdict.objects.filter(case=list_.case).select_related("case__round", "case__village", "case__group", "survey", "score", "sitting").last()
    documents = household_documents([list_.case.household_id])
    verdict.seal_format = 1
    body, leaf = leaf_of(verdict_document(verdict, verdict.case, documents[list_.case.household_id], {}, reveal(verdict, "note")))
    seal(verdict, "body", body)
    tamper("UPDATE assessment_verdict SET seal_format = 1, body_enc = %s, leaf = %s WHERE id = %s", verdict.body_enc, leaf, verdict.pk)
    assert "proof" not in body and '"income"' not in body
    assert {finding.what for finding in list_.found()} == {"会议情况、记录或名单与锁定时不符"}  # the meeting's seal names another leaf, the decision opens
