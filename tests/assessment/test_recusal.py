"""回避: nobody of a panel judges the own household; declared by name, counted out of the votes, sealed (issue 5.2; A9-05)."""

import pytest

from assessment.models import Ballot, Verdict
from assessment.recusal import recusal_faults
from assessment.verification import verify_list
from core.errors import BadInput, WrongState
from tests.assessment.meetings import Hall, persons

pytestmark = pytest.mark.django_db
VILLAGE = "422827102200"


@pytest.fixture
def meeting(make_case, scope):
    """组评 of two households; 张1, the head of the first, sits on the panel of five, who are all there."""
    cases = [make_case(number) for number in (1, 2)]
    hall = Hall(scope)
    sitting = hall.head(hall.open("zp"), panel=[*persons(4), {"name": "张1", "post": "村民代表", "present": True}])
    return hall, sitting, cases


@pytest.mark.parametrize(
    ("kin", "recused", "namesakes", "open_name"),
    [((), (), (), ""), (("张1",), (), (), "张1"), (("张1",), ("张1",), (), ""), (("张1",), (), ("张1",), ""), (("张1", "李1"), ("张1",), (), "李1")],
)
def test_each_name_on_both_sides_needs_a_word(kin, recused, namesakes, open_name):
    faults = recusal_faults(kin, recused, namesakes)
    assert bool(faults) is bool(open_name) and all(sentence.startswith(open_name) for sentence in faults)


def test_a_list_is_not_locked_while_a_member_of_the_panel_would_judge_the_own_household(meeting):
    hall, sitting, cases = meeting
    with pytest.raises(WrongState) as refused:
        hall.close(sitting)
    assert refused.value.reasons[0].startswith(cases[0].household.head_name) and "回避" in refused.value.reasons[0]
    assert len(refused.value.reasons) == 1 and not Verdict.objects.exists()


def test_an_answer_without_a_word_on_it_is_refused_at_its_field(meeting):
    hall, sitting, cases = meeting
    with pytest.raises(BadInput) as refused:
        hall.ballot(sitting, cases[0])
    assert list(refused.value.fields) == ["recused"] and not Ballot.objects.exists()


def test_who_steps_back_has_no_vote_and_stands_in_the_sealed_decision(meeting, round_, places):
    hall, sitting, cases = meeting
    hall.ballot(sitting, cases[0], recused=["张1"])
    hall.close(sitting)
    first, second = Verdict.objects.order_by("case__household__code")
    assert (first.recused, first.votes_for, second.recused, second.votes_for) == (["张1"], 4, [], 5)
    assert verify_list(round_, places.villages[VILLAGE]) == []


def test_votes_of_more_than_those_who_did_not_step_back_are_refused(meeting):
    hall, sitting, cases = meeting
    with pytest.raises(BadInput) as refused:
        hall.ballot(sitting, cases[0], recused=["张1"], votes_for=5, votes_against=0)
    assert "多于实到 4 人" in str(refused.value.fields)


def test_a_namesake_votes_like_everybody(meeting):
    hall, sitting, cases = meeting
    hall.ballot(sitting, cases[0], namesakes=["张1"])
    hall.close(sitting)
    verdict = Verdict.objects.get(case=cases[0])
    assert verdict.recused == [] and verdict.votes_for == 5


def test_whoever_is_absent_needs_not_step_back(meeting):
    hall, sitting, cases = meeting
    hall.head(sitting, panel=[*persons(5), {"name": "张1", "post": "", "present": False}])
    hall.close(sitting)
    assert Verdict.objects.count() == 2


@pytest.mark.parametrize("who", ["代表1", "王二"])
def test_nobody_steps_back_who_is_not_on_both_sides(meeting, who):
    hall, sitting, cases = meeting
    with pytest.raises(BadInput) as refused:
        hall.ballot(sitting, cases[0], recused=["张1", who])
    assert "有变动" in refused.value.fields["recused"][0]


def test_a_ballot_from_before_a_new_panel_does_not_count_for_it(meeting):
    """The panel was filled in afterwards: closing asks again."""
    hall, sitting, cases = meeting
    hall.head(sitting, panel=persons(5))
    hall.ballot(sitting, cases[0])
    hall.head(sitting, panel=[*persons(4), {"name": "张1", "post": "", "present": True}])
    with pytest.raises(WrongState, match="张1"):
        hall.close(sitting)


def test_the_cadre_says_it_on_the_page_and_reads_it_in_the_file(meeting, login):
    hall, sitting, cases = meeting
    client, address = login("cadre"), f"/sittings/{sitting.uuid}/"
    page = client.get(f"{address}?case={cases[0].uuid}").content.decode()
    assert "张1参加或主持评议，又是这一户的人" in page and 'name="kin:张1"' in page
    assert "又是这一户的人" not in client.get(f"{address}?case={cases[1].uuid}").content.decode()
    sent = {"case": str(cases[0].uuid), "version": "0", "opinion": "agree", "category": "DIBAO", "note": "", "show": "all"}
    assert "请写明回避" in client.post(f"{address}ballots/", sent).content.decode()
    assert client.post(f"{address}ballots/", sent | {"kin:张1": "recused"}).status_code == 302
    assert Ballot.objects.get().recused == ["张1"]
    hall.close(sitting)
    assert "张1回避。" in client.get(f"/households/{cases[0].household.code}/file/print/").content.decode()


def test_who_presides_over_the_own_household_steps_back_and_no_vote_is_lost(make_case, scope, round_, places):
    """A chair who is none of the panel: nobody presides over the own household without a word on it."""
    case, hall = make_case(1), Hall(scope)
    sitting = hall.head(hall.open("zp"), panel=persons(5), chair="张1")
    with pytest.raises(WrongState) as refused:
        hall.close(sitting)
    assert "主持" in refused.value.reasons[0]
    hall.ballot(sitting, case, recused=["张1"])
    hall.close(sitting)
    verdict = Verdict.objects.get()
    assert (verdict.recused, verdict.votes_for) == (["张1"], 5)
    assert verify_list(round_, places.villages[VILLAGE]) == []
