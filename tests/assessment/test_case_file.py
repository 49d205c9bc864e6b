"""一户一档: everything the list did with a household, on its page and on paper, masked by field class (issue 3.6; trust R2, A2)."""

import pytest
from list_ground import Ground

from assessment.actions.cases import amend_case, end_case
from assessment.models import Case, Evidence, Objection, Verdict
from assessment.workflow import Step
from core.models import AuditRow
from households.secrets import seal

pytestmark = pytest.mark.once

ILLNESS = "户主患尿毒症透析"


@pytest.fixture
def ground(scope, cast):
    return Ground(scope, cast)


@pytest.fixture
def case(make_case, ground):
    """Agreed to by 组评 and 村议 with another class than the score's, a ground in words and an illness in the note."""
    made = make_case(1)
    ground.meet([made], category="DOUDI", reasons=("sudden_harm",), note=ILLNESS)
    ground.meet([made])
    return made


@pytest.fixture
def shown(login, case):
    """`shown("lead")` → the text of the household page; `shown("lead", paper=True)` of the paper."""

    def read(who: str, paper: bool = False) -> str:
        return login(who).get(f"/households/{case.household.code}/" + ("file/print/" if paper else "")).content.decode()

    return read


@pytest.mark.parametrize("paper", [False, True])
def test_every_stage_says_who_what_votes_and_seal(shown, case, paper):
    text, verdict = shown("lead", paper), Verdict.objects.get(case=case, stage="zp")
    for words in ("组评 1组 · 同意列入", "定为政策兜底户（得分 58 分，得分档次为低保贫困户）", "同意 5 票，不同意 0 票", "理由：突发变故", "李主持主持", verdict.leaf.rpartition(".")[2][:8]):
        assert words in text


@pytest.mark.parametrize("paper", [False, True])
@pytest.mark.parametrize("who, reads", [("cadre", True), ("township", True), ("county", True), ("viewer", False)])
def test_free_text_opens_only_with_the_field_classes(shown, who, reads, paper):
    assert (ILLNESS in shown(who, paper)) is reads


def test_a_decision_that_fell_is_struck_through_and_says_why(shown, case, ground, scope):
    ground.meet([case], step=Step.RETURN, return_to="zp", category="", reasons=("no_proof",))
    text = shown("lead")
    assert "<s>村议 · 同意列入</s>" in text and "已作废：乡核退回" in text and "退回到组评" in text and "缺证明材料" in text


def test_a_change_is_told_with_its_subject_and_who(shown, case, scope):
    amend_case(scope=scope("cadre"), household_code=case.household.code, subject="members", reason="新生一名小孩")
    text = shown("lead")
    assert "变更 · 家庭成员" in text and "从乡核退回组评" in text and "测试cadre办理" in text and "已作废：家庭成员变更" in text
    assert "新生一名小孩" in text and "新生一名小孩" not in shown("viewer")


def test_a_concluded_household_shows_notice_and_standing(shown, case, ground):
    ground.to("gs", [case])
    ground.conclude(ground.notice([case]))
    text = shown("viewer")
    for words in ("认定结果：低保贫困户", "公示 第 1 次 · 张贴", "公示期满，系统办结", "公示 · 期满认定"):
        assert words in text


def test_an_ended_case_says_why_and_the_note_stays_with_those_who_may_read_it(shown, case, scope):
    end_case(scope=scope("lead"), household_code=case.household.code, reason="died", note="病故，有医院证明")
    assert "终止 · 死亡" in shown("viewer") and "有医院证明" in shown("lead") and "有医院证明" not in shown("viewer")


def test_an_objection_is_told_without_the_one_who_brought_it(shown, case, ground, cast):
    from django.utils import timezone

    row = Objection(code="YY-1", round=case.round, county=case.county, township=case.township, village=case.village, case=case, household=case.household, kind="wrong", channel="village", lodged_at=timezone.now())
    for name, text in (("lodger", "钱多多"), ("phone", "19000000099"), ("text", "他家买了车")):
        seal(row, name, text)
    row.save()
    for who in ("lead", "county"):
        text = shown(who) + shown(who, paper=True)
        assert "异议 · 错评" in text and not any(secret in text for secret in ("钱多多", "19000000099", "他家买了车"))


def test_papers_are_listed_with_their_hashes(shown, case, cast, ground):
    from django.utils import timezone

    sitting = Verdict.objects.get(case=case, stage="zp").sitting
    Evidence.objects.create(kind="minutes", county=case.county, township=case.township, village=case.village, sitting=sitting, title="组评记录", sha256="ab" * 32, media_type="image/jpeg", size=9, by=cast.cadre, at=timezone.now())
    assert "ab" * 32 in shown("lead", paper=True) and "ab" * 6 in shown("lead")
    assert "/evidence/" in shown("lead") and "/evidence/" not in shown("viewer")


def test_the_paper_masks_numbers_and_counts_its_pages(shown, case):
    text = shown("lead", paper=True)
    assert "print-file.css" in text and "*" * 4 in text
    style = open("static/fupin/print-file.css", encoding="utf-8").read()
    assert "counter(page)" in style and "counter(pages)" in style


def test_printing_the_file_is_on_the_trail(shown, case):
    shown("viewer", paper=True)
    row = AuditRow.objects.filter(action="case.file").get()
    assert (row.object_code, row.actor_login) == (case.household.code, "viewer")


def test_single_answers_stay_off_the_viewers_paper(shown):
    assert "您的岗位不显示" in shown("viewer", paper=True) and "您的岗位不显示" not in shown("lead", paper=True)


def test_the_paper_of_the_next_village_is_not_found(case, login):
    assert login("cadre2").get(f"/households/{case.household.code}/file/print/").status_code == 404


def test_a_household_without_a_case_says_what_puts_it_on_the_list(make_household, round_, login):
    household = make_household(number=9)
    assert "还没有列入评议名单" in login("cadre").get(f"/households/{household.code}/").content.decode()


def test_a_file_of_two_passes_costs_as_many_queries_as_one_of_one(case, ground, scope, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assessment.selectors_cases import case_files

    caller = scope("lead")
    with CaptureQueriesContext(connection) as first:
        case_files(caller, case.household)
    ground.meet([case], step=Step.RETURN, return_to="zp", category="", reasons=("no_proof",))
    ground.to("xd", [case])
    with django_assert_num_queries(len(first)):
        assert len(case_files(caller, case.household)[0].events) > 5
    assert Case.objects.get(pk=case.pk).pass_no == 2
