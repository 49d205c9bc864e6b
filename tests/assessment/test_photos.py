"""Photos of the looks: kept once, opened by those who may, taken away with a reason, never in the way of another household's."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessment.actions.photos import add_photo, damaged_photos, open_photo, remove_photo
from assessment.models import LookPhoto, Survey, SurveyStatus
from assessment.selectors_photos import MOST
from assessment.shots import Shot
from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import AuditRow
from core.uploads import store
from tests.core.scan_files import MINIMAL_PDF, PLACE, photo
from tests.core.test_pictures import LAIFENG, shot

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.EVIDENCE_DIR.mkdir()
    return settings.EVIDENCE_DIR


@pytest.fixture
def household(make_household):
    return make_household("422827102200", 1)


@pytest.fixture
def url(household, round_):
    return f"/households/{household.code}/photos/?round={round_.code}&look=A"


@pytest.fixture
def add(scope, household, round_):
    """`add(content, who=, look=, home=, **what is said of it)`."""

    def make(content: bytes | None = None, who="cadre", look="A", home=household, **said) -> LookPhoto:
        return add_photo(
            scope=scope(who), household_code=home.code, round_code=round_.code, look=look, file=io.BytesIO(content or photo()), shot=Shot(**said)
        )

    return make


def upload(client, url, *contents, **more):
    files = [SimpleUploadedFile(f"IMG_{number}.jpg", content) for number, content in enumerate(contents, 1)]
    return client.post(url, {"files": files, "look": "A"} | more)


def text(response) -> str:
    return response.content.decode()


def old_marks(folder):
    import os

    before = (timezone.now() - timedelta(days=2)).timestamp()
    for mark in (folder / "tmp").iterdir():
        os.utime(mark, (before, before))


def test_a_cadre_uploads_two_photos_without_scripts_and_finds_them_under_the_look(login, url):
    client = login("cadre")
    answer = upload(client, url, photo(), photo((320, 240)), caption="正房东墙裂缝")
    page = text(client.get(answer["Location"]))
    assert (answer.status_code, LookPhoto.objects.count()) == (302, 2)
    assert page.count("/thumb/") == 2 and "正房东墙裂缝" in page


def test_one_photo_that_is_not_taken_does_not_cost_the_others(login, url):
    answer = upload(login("cadre"), url, photo(), MINIMAL_PDF)
    assert answer.status_code == 400 and LookPhoto.objects.count() == 1
    assert "IMG_2.jpg：这是 PDF，不是照片" in text(answer) and "已保存 1 张照片" in text(answer)


def test_seven_photos_at_once_are_refused_before_any_is_kept(login, url):
    answer = upload(login("cadre"), url, *[photo((9 + n, 9)) for n in range(7)])
    assert answer.status_code == 400 and "一次最多 6 张" in text(answer) and not LookPhoto.objects.exists()


def test_an_upload_without_a_photo_says_so(login, url):
    assert "请选择照片" in text(login("cadre").post(url, {"look": "A"}))


def test_the_thirteenth_photo_of_a_look_is_refused_and_the_other_looks_are_free(add):
    for number in range(MOST):
        add(photo((30 + number, 30)))
    with pytest.raises(WrongState) as refused:
        add(photo((99, 30)))
    assert "已有 12 张" in refused.value.message and add(photo((99, 30)), look="B").look == "B"


def test_the_same_picture_twice_in_a_look_is_one_row(add):
    assert add().pk == add().pk and add(look="B").pk != add().pk


def test_time_and_place_of_a_photo_are_kept_only_when_the_surveyor_ticks_it(add):
    quiet, kept = add(shot(gps=LAIFENG)), add(shot(gps=LAIFENG), look="B", keep=True)
    assert (quiet.taken_at, quiet.latitude) == (None, None)
    assert timezone.localtime(kept.taken_at).isoformat()[:16] == "2016-04-11T09:30"
    assert (kept.latitude, kept.longitude) == (Decimal("29.50861"), Decimal("109.40833"))


def test_what_is_typed_counts_before_the_exif_and_is_rounded_to_five_places(add):
    row = add(shot(gps=LAIFENG), keep=True, latitude=Decimal("29.1234567"), longitude=Decimal("109.7654321"))
    assert (row.latitude, row.longitude) == (Decimal("29.12346"), Decimal("109.76543"))


def test_a_photo_from_tomorrow_and_half_a_place_are_refused_by_name(add):
    with pytest.raises(BadInput) as refused:
        add(taken_at=timezone.now() + timedelta(days=1), latitude=Decimal("29.5"))
    assert set(refused.value.fields) == {"taken_at", "latitude"}


def test_a_caption_with_a_telephone_number_is_refused(add):
    with pytest.raises(BadInput) as refused:
        add(caption="户主电话13800138000")
    assert "caption" in refused.value.fields


def test_the_stored_files_hold_nothing_of_the_cameras_notes(add, folder):
    add()
    files = [path.read_bytes() for path in folder.glob("??/*")]
    assert len(files) == 2 and not any(PLACE.encode() in content for content in files)


def test_opening_a_photo_is_on_the_trail_and_handed_out_as_a_safe_download(login, add):
    row = add()
    answer = login("township").get(f"/households/{row.household.code}/photos/{row.uuid}/file/")
    assert answer.content == store.fetch(row.sha256) and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment") and "sandbox" in answer["Content-Security-Policy"]
    assert AuditRow.objects.filter(action="photo.read", object_code=str(row.uuid), result="ok").count() == 1


def test_a_page_of_thumbnails_leaves_one_row_on_the_trail(login, add, url):
    add(), add(photo((50, 50)))
    text(login("township").get(url))
    assert [row.detail["rows"] for row in AuditRow.objects.filter(action="photo.look")] == [2]


def test_a_viewer_sees_how_many_photos_there_are_and_none_of_them(login, add, url):
    row, client = add(), login("viewer")
    page = text(client.get(url))
    assert "共 1 张" in page and "/thumb/" not in page
    assert {client.get(f"/households/{row.household.code}/photos/{row.uuid}/{end}").status_code for end in ("", "file/", "thumb/")} == {403}


def test_a_photo_is_not_found_under_another_households_address(login, add, make_household):
    other = make_household("422827102200", 2)
    assert login("cadre").get(f"/households/{other.code}/photos/{add().uuid}/file/").status_code == 404


def test_a_removed_photo_keeps_its_row_and_reason_and_is_shown_to_nobody(login, scope, add, url):
    row = add()
    client, address = login("cadre"), f"/households/{row.household.code}/photos/{row.uuid}/"
    assert "请写明移除的原因" in text(client.post(address + "remove/", {"reason": ""}))
    assert client.post(address + "remove/", {"reason": "拍到了别的户"}).status_code == 302
    row.refresh_from_db()
    assert (row.removed_reason, row.removed_by.login) == ("拍到了别的户", "cadre")
    assert client.get(address).status_code == 404 and "/thumb/" not in text(client.get(url))
    with pytest.raises(NotFound):
        open_photo(scope=scope("township"), photo=str(row.uuid))


def test_files_of_a_removed_photo_go_a_day_later_unless_another_household_has_the_same(scope, add, make_household, folder):
    row, alone = add(), add(photo((77, 77)))
    twin = add(home=make_household("422827102200", 2))
    for one in (row, alone):
        remove_photo(scope=scope("cadre"), photo=str(one.uuid), reason="拍糊了")
    old_marks(folder)
    store.sweep()
    assert not store.path_of(alone.sha256).exists() and not store.path_of(alone.thumb_sha256).exists()
    assert store.fetch(twin.sha256) and store.fetch(twin.thumb_sha256) and list(damaged_photos()) == []


def test_a_picture_used_for_two_households_is_pointed_out_to_those_who_decide_and_not_to_the_cadre(login, add, url, make_household):
    other = make_household("422827102200", 2)
    row, _ = add(), add(home=other)
    said = "同一张照片也用在另一户"
    assert said in text(login("township").get(url)) and said not in text(login("cadre").get(url))
    page = text(login("lead").get(f"/households/{row.household.code}/photos/{row.uuid}/"))
    assert f"/households/{other.code}/" in page


def test_a_locked_household_takes_no_photo_and_gives_none_away(scope, household, add):
    row = add()
    household.hold, household.hold_reason = True, "村议名单已锁定"
    household.save()
    for act in (lambda: add(photo((50, 50))), lambda: remove_photo(scope=scope("cadre"), photo=str(row.uuid), reason="拍糊了")):
        with pytest.raises(WrongState, match="锁定"):
            act()


def test_a_township_looks_and_adds_nothing(add):
    with pytest.raises(Denied):
        add(who="township")


def test_a_damaged_thumbnail_is_found(add):
    row = add()
    store.path_of(row.thumb_sha256).write_bytes(b"x")
    assert list(damaged_photos()) == [str(row.uuid)]


def test_a_cadre_goes_to_the_photos_from_a_look_with_the_draft_saved(login, household, round_, url):
    client = login("cadre")
    answer = client.post(f"/households/{household.code}/survey/", {"version": "0", "look": "A", "A1": "A1-5", "go": "photos"})
    assert (answer.status_code, answer["Location"]) == (302, url + "#add")
    assert Survey.objects.get().status == SurveyStatus.DRAFT


def test_photos_are_counted_on_the_look_and_on_the_review_page_and_shown_on_the_household_page(login, household, add):
    add(), add(look="B")
    client = login("cadre")
    assert "已有 1 张" in text(client.get(f"/households/{household.code}/survey/?look=B"))
    assert "入户照片：2 张" in text(client.get(f"/households/{household.code}/survey/?look=review"))
    page = text(client.get(f"/households/{household.code}/"))
    assert page.count("/thumb/") == 2 and "全部 2 张" in page
