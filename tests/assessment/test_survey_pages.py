"""The form in the browser, without scripts: step by step, review, submission, and who is kept out."""

import re
from datetime import date

import pytest

from assessment.actions.surveys import save_draft, submit_survey
from assessment.models import Survey
from core.models import AuditRow

pytestmark = pytest.mark.once  # what a page shows is the same on any database


@pytest.fixture
def household(make_household):
    made = make_household(number=1, members=2)
    made.memberships.update(education="", schooling="", health="", skill="")
    return made


@pytest.fixture
def url(household, round_):
    return f"/households/{household.code}/survey/"


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def text(response) -> str:
    return response.content.decode()


def walk(client, url: str, rubric, pick=lambda item: item.options[-1].code):
    """Fill every look as a browser without scripts does; returns the review page."""
    address = url
    for look in rubric.looks:
        page = text(client.get(address))
        data = {item.code: pick(item) for item in look.indicators}
        data |= {
            "version": field(page, "version"),
            "look": look.code,
            "go": "next",
            f"remark-{look.code}": f"{look.name}的说明",
        }
        response = client.post(url, data)
        assert response.status_code == 302
        address = response["Location"]
    return client.get(address)


def review_data(page: str) -> dict[str, str]:
    return {
        "version": field(page, "version"),
        "key": field(page, "key"),
        "look": "review",
        "surveyed_on": "2016-04-11",
        "surveyor_name": "测试cadre",
    }


@pytest.fixture
def submitted(scope, household, round_):
    rubric = round_.rubric.value
    answers = {item.code: item.options[-1].code for item in rubric.indicators}
    common = {"scope": scope("cadre"), "household_code": household.code, "round_code": round_.code}
    draft = save_draft(**common, answers=answers, remarks={"A": "东墙有缝"}, surveyed_on=date(2016, 4, 11))
    return submit_survey(**common, version=draft.version)


def test_a_cadre_fills_six_looks_and_submits_without_scripts(login, url, round_, household):
    client = login("cadre")
    page = text(walk(client, url, round_.rubric.value))
    response = client.post(f"{url}submit/", review_data(page))
    survey = Survey.objects.get(household=household)
    assert (response.status_code, response["Location"]) == (302, f"/households/{household.code}/")
    assert (survey.status, survey.surveyor_name, survey.surveyed_on) == ("submitted", "测试cadre", date(2016, 4, 11))


def test_a_submission_pressed_twice_makes_one_form(login, url, round_):
    client = login("cadre")
    data = review_data(text(walk(client, url, round_.rubric.value)))
    first, second = client.post(f"{url}submit/", data), client.post(f"{url}submit/", data)
    assert (first.status_code, second.status_code, Survey.objects.count()) == (302, 302, 1)


def test_a_cadre_who_submits_too_early_sees_each_missing_answer_with_its_look(login, url, round_):
    client = login("cadre")
    first = text(client.get(url))
    client.post(url, {"version": field(first, "version"), "look": "A", "go": "next", "A1": "A1-5"})
    page = text(client.get(f"{url}?look=review"))
    response = client.post(f"{url}submit/", review_data(page))
    assert response.status_code == 400
    assert "?look=F#F3" in text(response) and "A1 房屋主要结构：还没有选" not in text(response)


def test_the_error_summary_of_an_early_submission_links_each_answer_once(login, url):
    client = login("cadre")
    first = text(client.get(url))
    client.post(url, {"version": field(first, "version"), "look": "A", "go": "next", "A1": "A1-5"})
    page = text(client.post(f"{url}submit/", review_data(text(client.get(f"{url}?look=review")))))
    summary = re.search(r'<div class="fp-err.*?</div>', page, re.S).group(0)
    links = re.findall(r'href="([^"#]*)#', summary)
    assert (len(links), page.count("?look=F#F3"), client.get(links[-1]).status_code) == (20, 1, 200)


def test_a_refused_date_or_name_is_linked_and_stays_as_typed(login, url):
    client = login("cadre")
    first = text(client.get(url))
    client.post(url, {"version": field(first, "version"), "look": "A", "go": "next", "A1": "A1-5"})
    data = review_data(text(client.get(f"{url}?look=review"))) | {"surveyor_name": "长" * 65}
    page = text(client.post(f"{url}submit/", data))
    assert 'href="#surveyor_name"' in page and f'value="{"长" * 65}"' in page


def test_a_refused_save_does_not_get_past_what_a_colleague_saved_meanwhile(login, url, household):
    client = login("cadre")
    opened = text(client.get(url))
    mine = {"version": field(opened, "version"), "look": "A", "A1": "A1-5"}
    client.post(url, {"version": mine["version"], "look": "A", "A1": "A1-2"})
    refused = text(client.post(url, mine | {"remark-A": "长" * 401}))
    again = client.post(url, mine | {"version": field(refused, "version"), "remark-A": "短"})
    assert (again.status_code, Survey.objects.get(household=household).answers[0]) == (412, "2")


def test_looking_at_a_form_stores_nothing(login, url):
    assert login("cadre").get(url).status_code == 200
    assert not Survey.objects.exists()


def test_the_running_score_is_shown_after_each_look(login, url, round_):
    client = login("cadre")
    page = text(client.get(url))
    client.post(url, {"version": field(page, "version"), "look": "A", "go": "next", "A1": "A1-5"})
    assert '<b data-role="points">5</b>' in text(client.get(url))


def test_where_the_county_hides_the_score_no_point_reaches_the_page(login, url, places, round_):
    type(places.county).objects.update(hide_score=True)
    client = login("cadre")
    page = text(client.get(url))
    client.post(url, {"version": field(page, "version"), "look": "A", "go": "next", "A1": "A1-5"})
    for address in (url, f"{url}?look=review"):
        page = text(client.get(address))
        assert "data-points" not in page and "分</" not in page and "政策兜底户" not in page and "fp-tier" not in page


def test_the_distance_to_the_next_tier_is_never_shown(login, url):
    page = text(login("cadre").get(url))
    assert "差" not in page and "距" not in page


def test_an_answer_that_follows_from_the_facts_is_marked_with_its_reason(login, url, household):
    type(household).objects.update(danger_level="C")
    page = text(login("cadre").get(url))
    assert '<span class="fp-from">户信息自动带出</span>' in page and "危房鉴定等级为C级" in page


def test_a_save_in_the_background_answers_with_version_and_time(login, url):
    response = login("cadre").post(url, {"version": "0", "look": "A", "A1": "A1-5"}, headers={"X-Autosave": "1"})
    assert response.json()["version"] == 1 and re.fullmatch(r"\d\d:\d\d:\d\d", response.json()["saved_at"])


def test_a_stale_save_in_the_background_is_412(login, url):
    client = login("cadre")
    for answer, status in (("A1-5", 200), ("A1-2", 412)):
        sent = {"version": "0", "look": "A", "A1": answer}
        assert client.post(url, sent, headers={"X-Autosave": "1"}).status_code == status


def test_a_cadre_whose_answer_was_lost_sends_the_same_save_again_and_goes_on(login, url):
    client, sent = login("cadre"), {"version": "0", "look": "A", "A1": "A1-5", "remark-A": "西墙有缝"}
    saves = [client.post(url, sent, headers={"X-Autosave": "1"}).json()["version"] for _ in range(2)]
    assert (saves, Survey.objects.get().version) == ([1, 1], 1)
    assert client.post(url, sent | {"go": "next"}).status_code == 302


def test_a_cadre_whose_refusal_was_lost_presses_submit_again_and_reads_what_is_missing(login, url):
    """The first press has stored date and surveyor, and so made a new version of the draft."""
    client = login("cadre")
    client.post(url, {"version": "0", "look": "A", "A1": "A1-5"})
    page = text(client.get(f"{url}?look=review"))
    data = review_data(page) | {"answers": field(page, "answers")}
    answers = [client.post(f"{url}submit/", data | {"surveyor_name": "覃晓燕"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert "还没有选" in text(answers[1])


def test_a_look_opens_at_the_first_answer_that_is_missing(login, url):
    client = login("cadre")
    client.post(url, {"version": "0", "look": "A", "A1": "A1-5"})
    page = text(client.get(f"{url}?look=A", headers={"Referer": f"http://testserver{url}"}))
    assert re.findall(r'name="(\w+)" value="[^"]*"[^>]* autofocus', page) == ["A2"]


def test_a_cadre_keeps_the_colleagues_answer_in_one_box_and_the_own_words_in_another(login, url, cast):
    client = login("cadre")
    client.post(url, {"version": "0", "look": "A", "A1": "A1-5"})
    mine = {"version": "0", "look": "A", "A1": "A1-2", "remark-A": "西墙有缝"}
    page = text(client.post(url, mine))
    assert f"{cast.cadre.name}在" in page  # who saved, and when
    client.post(url, mine | {"version": field(page, "version"), "keep-A1": "theirs", "keep-remark-A": "mine"})
    page = text(client.get(url))
    assert Survey.objects.get().answers[0] == "5" and "西墙有缝" in page


def test_two_cadres_on_one_form_see_both_values_and_lose_nothing(login, url):
    client = login("cadre")
    client.post(url, {"version": "0", "look": "A", "A1": "A1-5"})
    response = client.post(url, {"version": "0", "look": "A", "A1": "A1-2", "remark-A": "西墙有缝"})
    page = text(response)
    assert response.status_code == 412
    assert "砖混材料或钢筋混凝土" in page and "竹草土坯、土窑洞" in page and 'name="remark-A" value="西墙有缝"' in page


def test_a_cadre_who_typed_while_the_form_was_submitted_is_told_so_and_may_start_a_new_one(login, scope, url, submitted):
    answer = login("cadre").post(url, {"version": "1", "look": "A", "remark-A": "西墙有缝"})
    page = text(answer)
    assert answer.status_code == 412 and "提交。您刚写的都在下面" in page and "重新评估的草稿" in page and "西墙有缝" in page


def test_what_was_typed_wins_when_its_author_says_so(login, url):
    client = login("cadre")
    client.post(url, {"version": "0", "look": "A", "A1": "A1-5"})
    page = text(client.post(url, {"version": "0", "look": "A", "A1": "A1-2"}))
    client.post(url, {"version": field(page, "version"), "look": "A", "A1": "A1-2", "go": "next"})
    assert Survey.objects.get().answers.startswith("2")


def test_a_remark_that_is_too_long_comes_back_with_what_was_typed(login, url):
    response = login("cadre").post(url, {"version": "0", "look": "A", "A1": "A1-5", "remark-A": "长" * 401})
    assert (
        response.status_code == 400
        and "长" * 401 in text(response)
        and 'value="A1-5" data-points="5" checked' in text(response)
    )


def test_a_submitted_form_is_read_only_with_a_way_to_replace_it(login, url, submitted):
    page = text(login("cadre").get(url))
    assert "重新评估（代替原表）" in page and 'type="radio"' not in page


def test_a_new_assessment_begins_with_the_answers_of_the_old_one(login, url, submitted):
    response = login("cadre").post(f"{url}again/")
    assert response["Location"].endswith("?look=A")
    assert Survey.objects.get(status="draft").answers == submitted.answers


@pytest.mark.parametrize("login_name, status", [
    ("cadre2", 404), ("cadre_other", 404), ("township_other", 404), ("viewer", 403), ("county", 403), ("township", 403),
    ("sysadmin", 403),
])  # fmt: skip
def test_the_form_is_closed_to_everybody_else(login, url, login_name, status):
    client = login(login_name)
    assert client.get(url).status_code == status
    assert client.post(url, {"version": "0", "look": "A", "A1": "A1-5"}).status_code == status
    assert client.post(f"{url}submit/", {"version": "1"}).status_code == status
    assert client.post(f"{url}again/").status_code == status
    assert not Survey.objects.exists()


def test_the_filled_print_has_21_indicators_score_and_signatures(login, url, submitted):
    page = text(login("cadre").get(f"{url}print/"))
    assert page.count("data-indicator=") == 21 and page.count("☑") == 21
    assert (
        "调查员（签字）" in page
        and "调查户（签字）" in page
        and "系统默认版，非官方发布表" in page
        and "东墙有缝" in page
    )


def test_the_blank_print_has_21_indicators_and_no_mark(login, url):
    page = text(login("cadre").get(f"{url}blank/print/"))
    assert page.count("data-indicator=") == 21 and "☑" not in page and page.count("☐") > 80


def test_the_blank_print_hides_the_points_where_the_county_hides_them(login, url, places):
    client = login("cadre")
    assert "（5）" in text(client.get(f"{url}blank/print/"))
    type(places.county).objects.update(hide_score=True)
    assert "（5）" not in text(client.get(f"{url}blank/print/"))


def test_printing_a_filled_form_is_audited(login, url, submitted, household):
    login("cadre").get(f"{url}print/")
    assert AuditRow.objects.get(action="survey.print").object_code == household.code


def test_who_may_not_read_illness_may_not_print_the_answers(login, url, submitted):
    assert login("viewer").get(f"{url}print/").status_code == 403


def test_a_cadre_of_another_village_prints_nothing(login, url, submitted):
    client = login("cadre2")
    assert client.get(f"{url}print/").status_code == client.get(f"{url}blank/print/").status_code == 404


def test_the_household_page_shows_score_and_form(login, submitted, household):
    page = text(login("cadre").get(f"/households/{household.code}/"))
    assert "六看评估" in page and f"总分 {submitted.score.points} 分" in page and "评估表各项" in page


def test_a_viewer_sees_the_score_but_no_single_answer(login, submitted, household):
    page = text(login("viewer").get(f"/households/{household.code}/"))
    assert f"总分 {submitted.score.points} 分" in page and "评估表各项" not in page
