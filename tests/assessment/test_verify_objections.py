"""verify_list and 异议: an objection deleted or settled in the database shows, whatever was let through with it (N5, N6)."""



import pytest

from assessment.models import Round
from assessment.verification import verify_list
from tests.assessment.objection_ground import (  # noqa: F401
    confirm,
    ground,
    lodge,
    posted,
    propose,
    settle,
    take,
)
from tests.assessment.test_verify_list import tamper


@pytest.fixture
def said(places):
    """What the check says of objections."""

    def found() -> list[str]:
        findings = verify_list(Round.objects.get(), places.villages["422827102200"])
        return [finding.what for finding in findings if finding.where == "异议"]

    return found


def test_a_live_objection_deleted_so_that_the_household_may_pass_is_named(posted, lodge, said):
    cases, _ = posted(1, 2)
    objection = lodge(cases[0])
    assert said() == []
    tamper("DELETE FROM assessment_objection WHERE code = %s", objection.code)
    tamper("UPDATE assessment_case SET state = 'open' WHERE state = 'held'")
    assert said() == [f"审计记录里的异议 {objection.code} 已不在"]


def test_an_objection_closed_by_hand_is_named(posted, lodge, said):
    cases, _ = posted(1)
    objection = lodge(cases[0])
    tamper("UPDATE assessment_objection SET status = 'closed', outcome = 'keep'")
    assert said() == [f"异议 {objection.code} 的办理状态与审计记录不符"]


def test_an_outcome_changed_after_the_county_settled_it_is_named(posted, lodge, settle, said):
    cases, _ = posted(1)
    objection = settle(lodge(cases[0]))
    assert said() == []
    tamper("UPDATE assessment_objection SET outcome = 'remove'")
    assert said() == [f"异议 {objection.code} 的结果与审计记录不符"]


def test_an_objection_that_the_county_handed_back_is_still_open(posted, lodge, take, propose, confirm, said):
    cases, _ = posted(1)
    confirm(propose(take(lodge(cases[0]))), accept=False)
    assert said() == []
