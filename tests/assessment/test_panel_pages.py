"""Pages of saved panels: who sees which places, the rule and what is missing, rows without a script."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.actions.panels import PanelEntry, save_panel
from assessment.models import Panel
from villages.models import VillagerGroup

pytestmark = [pytest.mark.django_db, pytest.mark.once]
VILLAGE, GROUP = "422827102200", "42282710220001"
FOUR = [{"name": name, "post": "代表"} for name in ("田甲", "田乙", "田丙", "田丁")]
NEW = f"/panels/new/?kind=group&group={GROUP}"


@pytest.fixture
def panel(round_, scope):
    entry = PanelEntry(kind="group", name="1组评议小组", members=FOUR, village_code=VILLAGE, group_code=GROUP)
    return save_panel(scope=scope("cadre"), entry=entry)


def typed(*people: tuple[str, str], rows: int = 0, **more) -> dict[str, str]:
    rows = rows or len(people)
    body = {"name": "1组评议小组", "people-TOTAL_FORMS": str(rows), "people-INITIAL_FORMS": "0"}
    for number, (name, post) in enumerate(people):
        body |= {f"people-{number}-name": name, f"people-{number}-post": post}
    return body | more


def test_a_cadre_sees_each_group_of_the_village_and_which_has_no_panel_yet(login, panel):
    page = login("cadre").get("/panels/").content.decode()
    assert [f"桐子园村 {number}组" in page for number in (1, 2, 3)] == [True, True, True]
    assert "人数符合" in page and page.count("还没有") == 2 and "芭蕉溪村" not in page
    assert "清查组" not in page, "that is the township's"


def test_a_cadre_of_another_village_sees_no_name_of_it(login, panel):
    page = login("cadre2").get("/panels/").content.decode()
    assert "芭蕉溪村 1组" in page and str(panel.uuid) not in page


@pytest.mark.parametrize(
    ("kind", "where", "rule"), [("inspection", "大河镇", "须为 5 人"), ("village", "芭蕉溪村", "到会不少于3分之2")]
)
def test_a_township_sees_its_own_kind_and_the_rule(login, round_, kind, where, rule):
    page = login("township").get(f"/panels/?kind={kind}").content.decode()
    assert where in page and rule in page and "绿水镇" not in page


def test_the_list_costs_the_same_for_three_groups_and_for_thirty(login, round_, places, scope):
    client = login("cadre")
    client.get("/panels/")
    with CaptureQueriesContext(connection) as few:
        client.get("/panels/")
    village = places.villages[VILLAGE]
    for number in range(4, 40):
        group = VillagerGroup.objects.create(
            code=f"{VILLAGE}{number:02d}",
            number=number,
            name=f"{number}组",
            county=village.county,
            township=village.township,
            village=village,
        )
        entry = PanelEntry(kind="group", name="小组", members=FOUR, village_code=VILLAGE, group_code=group.code)
        save_panel(scope=scope("cadre"), entry=entry)
    with CaptureQueriesContext(connection) as many:
        client.get("/panels/")
    assert len(many) == len(few)


def test_a_county_pages_through_many_groups(login, round_, places):
    village = places.villages[VILLAGE]
    for number in range(4, 64):
        VillagerGroup.objects.create(
            code=f"{VILLAGE}{number:02d}",
            number=number,
            name=f"{number}组",
            county=village.county,
            township=village.township,
            village=village,
        )
    client = login("county")
    first = client.get("/panels/?kind=group")
    second = client.get("/panels/" + first.context["next"])
    shown = [slot.place.code for page in (first, second) for slot in page.context["slots"]]
    assert shown == sorted(set(shown)) and "老寨村 3组" in second.content.decode()
    assert client.get("/panels/" + second.context["previous"]).context["slots"][0].place.code == shown[0]


def test_the_form_of_a_new_panel_offers_as_many_rows_as_the_rule_wants(login, round_):
    page = login("cadre").get(NEW).content.decode()
    assert "评议小组至少 4 人" in page and "people-3-name" in page and "people-4-name" not in page
    assert 'value="桐子园村 1组评议小组"' in page


def test_a_panel_is_saved_and_empty_rows_are_nobody(login, round_):
    answer = login("cadre").post(NEW, typed(("田甲", "组长"), ("", ""), (" 田乙 ", ""), rows=5))
    panel = Panel.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/panels/{panel.uuid}/")
    assert panel.members == [{"name": "田甲", "post": "组长"}, {"name": "田乙", "post": ""}]
    assert (panel.group.code, panel.village.code) == (GROUP, VILLAGE)


def test_a_panel_too_small_is_saved_with_a_warning(login, round_):
    """It may be filled up later; a meeting cannot close with it."""
    page = login("cadre").post(NEW, typed(("田甲", "组长")), follow=True).content.decode()
    assert "评议小组至少 4 人，现有 1 人。" in page


def test_a_form_sent_twice_makes_one_panel(login, round_):
    """trust 3"""
    body = typed(("田甲", "组长"), key="once")
    client = login("cadre")
    assert client.post(NEW, body).url == client.post(NEW, body).url and Panel.objects.count() == 1


def test_more_rows_come_without_a_script_and_what_was_typed_stays(login, round_):
    answer = login("cadre").post(NEW, typed(("田甲", "组长"), ("田乙", ""), more="1"))
    page = answer.content.decode()
    assert answer.status_code == 200 and Panel.objects.count() == 0
    assert 'value="田甲"' in page and 'value="田乙"' in page and "people-4-name" in page


def test_more_rows_are_more_than_before_though_nothing_is_typed_yet(login, round_):
    page = login("cadre").post(NEW, typed(*[("", "")] * 4, more="1")).content.decode()
    assert page.count('<fieldset class="fp-person">') == 7


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([("", "组长")], "请填姓名"),
        ([("田甲", ""), ("田甲", "")], "重复"),
        ([("", "")], "至少填一人"),
        ([("田" * 33, "")], "32"),
    ],
)
def test_a_wrong_row_is_said_and_nothing_is_lost(login, round_, people, sentence):
    answer = login("cadre").post(NEW, typed(*people))
    assert answer.status_code == 400 and sentence in answer.content.decode() and Panel.objects.count() == 0


def test_a_form_with_a_thousand_rows_is_refused_without_a_fault(login, round_):
    """trust 12"""
    answer = login("cadre").post(NEW, typed(("田甲", ""), rows=1000))
    assert answer.status_code == 400 and Panel.objects.count() == 0


def test_a_person_is_taken_off_by_emptying_the_row(login, panel):
    people = [(member["name"], member["post"]) for member in FOUR]
    people[1] = ("", "")
    login("lead").post(f"/panels/{panel.uuid}/", typed(*people, version="1"))
    panel.refresh_from_db()
    assert [member["name"] for member in panel.members] == ["田甲", "田丙", "田丁"] and panel.version == 2


def test_who_was_overtaken_sees_what_is_stored_and_keeps_what_was_typed(login, panel):
    """trust 1"""
    client, url = login("lead"), f"/panels/{panel.uuid}/"
    client.post(url, typed(("田戊", ""), version="1"))
    answer = client.post(url, typed(("田己", ""), version="1"))
    page = answer.content.decode()
    assert answer.status_code == 412 and "田戊" in page and 'value="田己"' in page


@pytest.mark.parametrize("login_name", ["county", "viewer"])
def test_who_keeps_no_panels_reads_them(login, panel, login_name):
    page = login(login_name).get(f"/panels/{panel.uuid}/").content.decode()
    assert "田甲" in page and "<input" not in page.split("<main")[1]


def test_a_retired_panel_is_no_longer_listed_and_not_changed(login, panel):
    client = login("cadre")
    assert client.post(f"/panels/{panel.uuid}/retire/", {"version": "1"}).url == "/panels/"
    assert str(panel.uuid) not in client.get("/panels/").content.decode()
    assert "停用" in client.get(f"/panels/{panel.uuid}/").content.decode()
    assert client.post(f"/panels/{panel.uuid}/", typed(("田甲", ""), version="2")).status_code == 409


def test_a_retirement_of_what_has_changed_since_is_refused(login, panel):
    client = login("cadre")
    client.post(f"/panels/{panel.uuid}/", typed(("田甲", ""), version="1"))
    assert client.post(f"/panels/{panel.uuid}/retire/", {"version": "1"}).status_code == 412


def test_households_without_a_group_have_a_panel_of_their_own(login, round_):
    client = login("cadre")
    client.post(f"/panels/new/?kind=group&village={VILLAGE}", typed(("田甲", "")))
    assert Panel.objects.get().group_id is None
    assert "桐子园村 未分组农户" in client.get("/panels/").content.decode()


# --- filters ---------------------------------------------------------------------------------------------------


def test_a_township_looks_at_the_groups_of_one_village(login, round_):
    page = login("township").get("/panels/?village=422827102201")
    assert {slot.place.village.short_name for slot in page.context["slots"]} == {"芭蕉溪村"}


def test_a_county_looks_at_the_villages_of_one_township(login, round_):
    page = login("county").get("/panels/?kind=village&township=422827103")
    assert {slot.place.township.name for slot in page.context["slots"]} == {"绿水镇"}


def test_a_county_finds_the_township_panel_by_one_of_its_villages(login, round_):
    page = login("county").get("/panels/?kind=inspection&village=422827103200")
    assert [slot.place.name for slot in page.context["slots"]] == ["绿水镇"]


def test_the_list_says_how_many_places_there_are(login, round_):
    assert "3 处" in login("cadre").get("/panels/").content.decode()


def test_a_cadre_of_one_village_is_not_asked_which(login, round_):
    page = login("cadre").get("/panels/").content.decode()
    assert 'name="village"' not in page and 'name="township"' not in page and 'name="kind"' in page


def test_a_cadre_finds_the_retired_panel_with_its_day(login, panel):
    client = login("cadre")
    client.post(f"/panels/{panel.uuid}/retire/", {"version": "1"})
    page = client.get("/panels/?standing=retired")
    assert [slot.panels[0].pk for slot in page.context["slots"]] == [panel.pk] and "停用" in page.content.decode()


def test_a_cadre_of_another_village_sees_no_retired_panel_of_it(login, panel):
    login("cadre").post(f"/panels/{panel.uuid}/retire/", {"version": "1"})
    page = login("cadre2").get("/panels/?standing=retired").content.decode()
    assert str(panel.uuid) not in page and "没有停用的小组" in page


def test_a_filter_out_of_the_area_narrows_nothing_and_shows_nothing_more(login, round_):
    page = login("cadre").get("/panels/?village=422827103200").content.decode()
    assert "桐子园村 1组" in page and "绿水" not in page
