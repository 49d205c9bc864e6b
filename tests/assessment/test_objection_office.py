"""异议 at the office: how it came in, by when it is to be answered, who is given it, what was brought with it (issue 5.6; ruling 19)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from assessment.actions.objections_assigning import assign_objection
from assessment.models import Evidence, Objection
from assessment.verification import verify_list
from core.errors import BadInput, Denied, WrongState
from core.models import AuditRow
from core.uploads import store
from tests.assessment.objection_ground import (  # noqa: F401
    LODGER,
    TEXT,
    VILLAGE,
    again,
    confirm,
    ground,
    lodge,
    posted,
    propose,
    take,
)
from tests.assessment.test_objection_pages import public_url, said
from tests.core.scan_files import MINIMAL_PDF, PLACE, photo


@pytest.fixture
def brought(posted, lodge):
    cases, _ = posted()
    return lodge(cases[0])


def give(scope, objection, login, who="county"):
    return assign_objection(scope=scope(who), code=objection.code, handler=login)


# --- by when ---------------------------------------------------------------------------------------------------


def test_an_objection_is_to_be_answered_ten_days_after_it_came_in(brought, settings):
    assert brought.due_on == timezone.localdate() + timedelta(days=settings.OBJECTION_DAYS)


def test_an_officer_sees_on_list_page_and_home_that_an_objection_is_late(brought, login):
    Objection.objects.filter(pk=brought.pk).update(due_on=timezone.localdate() - timedelta(days=2))
    client = login("township2")
    assert "已逾期 2 天" in client.get("/objections/").content.decode()
    assert "已逾期 2 天" in client.get(f"/objections/{brought.code}/").content.decode()
    assert "fp-due" in client.get("/").content.decode()


def test_a_cadre_writes_down_that_it_came_by_the_hotline(posted, lodge, login):
    cases, _ = posted()
    objection = lodge(cases[0], way="phone")
    assert "电话（含 12317）" in login("township2").get(f"/objections/{objection.code}/").content.decode()
    with pytest.raises(BadInput):
        lodge(cases[0], way="dream")


# --- who looks into it -----------------------------------------------------------------------------------------


def test_the_county_gives_it_to_an_officer_who_then_proposes(brought, scope, propose):
    given = give(scope, brought, "township2")
    assert given.status == "handling" and given.handler.login == "township2"
    assert propose(given).status == "proposed"


@pytest.mark.parametrize(("login", "error"), [("township", WrongState), ("county2", None), ("cadre", BadInput), ("township_other", BadInput), ("nobody", BadInput)])
def test_only_who_may_look_into_it_and_had_no_hand_in_it_is_given_it(brought, scope, login, error):
    """township decided the household at 乡核; a cadre has no such right, an officer of another township not here."""
    if error is None:
        assert give(scope, brought, login).handler.login == login
        return
    with pytest.raises(error) as refused:
        give(scope, brought, login)
    assert again(brought).status == "lodged"
    assert error is not WrongState or "参与决定过这一户" in str(refused.value.reasons)


def test_a_village_cannot_hand_it_out(brought, scope):
    with pytest.raises(Denied):
        give(scope, brought, "township2", who="lead")


def test_a_proposed_objection_is_handed_to_nobody_else(brought, scope, take, propose):
    take(brought)
    propose(brought)
    with pytest.raises(WrongState):
        give(scope, brought, "county2")


def test_the_page_offers_the_independent_and_gives_it_in_one_click(brought, login):
    here = f"/objections/{brought.code}/"
    page = login("county2").get(here).content.decode()
    assert 'value="township2"' in page and 'value="township"' not in page and 'value="county2"' not in page
    assert login("county2").post(f"{here}assign/", {"handler": "township2", "key": "1"}).status_code == 302
    assert "YY-" in login("township2").get("/").content.decode()
    assert login("county2").post(f"{here}assign/", {"handler": "", "key": "2"}).status_code == 400


def test_giving_it_is_on_the_trail_and_the_list_still_verifies(brought, scope, round_, places):
    give(scope, brought, "township2")
    row = AuditRow.objects.get(action="objection.assign")
    assert row.object_code == brought.code and LODGER not in str(row.detail)
    assert verify_list(round_, places.villages[VILLAGE]) == []


# --- what is brought with it -----------------------------------------------------------------------------------


@pytest.fixture
def folder(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"


def picture(number: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"IMG_{number}.jpg", photo((10 + number, 10)))


@pytest.fixture
def lodged_with(posted, client, folder):
    def make(*files):
        _, notice = posted()
        return client.post(public_url(notice), said() | {"photos": list(files)})

    return make


def test_a_villager_s_photos_come_with_the_objection_without_place_or_name(lodged_with):
    assert lodged_with(picture(1), picture(2)).status_code == 200
    rows = list(Evidence.objects.filter(objection=Objection.objects.get()))
    assert len(rows) == 2 and not any(row.by_id for row in rows)
    for row in rows:
        content = store.fetch(row.sha256)
        assert PLACE.encode() not in content and not Image.open(store.path_of(row.sha256)).getexif()


@pytest.mark.parametrize(
    ("files", "said_"),
    [([SimpleUploadedFile("a.pdf", MINIMAL_PDF)], "不是照片"), ([SimpleUploadedFile("a.jpg", b"x" * 50)], "第 1 张"), ([picture(n) for n in range(4)], "最多 3 张")],
)
def test_what_is_no_photo_comes_back_with_the_words_kept_and_nothing_stored(lodged_with, files, said_):
    answer = lodged_with(*files)
    assert answer.status_code == 400 and said_ in answer.content.decode() and TEXT in answer.content.decode()
    assert not Objection.objects.exists() and not Evidence.objects.exists()


def test_the_handler_opens_the_villager_s_photo_and_the_village_does_not(lodged_with, login):
    lodged_with(picture())
    row, code = Evidence.objects.get(), Objection.objects.get().code
    page = login("township2").get(f"/objections/{code}/").content.decode()
    assert f"/evidence/{row.uuid}/" in page and "公示页" in page
    assert login("township2").get(f"/evidence/{row.uuid}/").status_code == 200
    for who in ("lead", "cadre", "viewer"):
        assert login(who).get(f"/evidence/{row.uuid}/").status_code == 403
        assert f"/evidence/{row.uuid}/" not in login(who).get(f"/objections/{code}/").content.decode()
