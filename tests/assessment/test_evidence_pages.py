"""Pages of evidence: uploading, what is said when a file is not taken, handing it out."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessment.models import Evidence, Sitting
from core.uploads import store
from fupin import settings as module
from tests.core.scan_files import MINIMAL_PDF, photo

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture
def meeting(round_, places, cast):
    """A meeting of the village, open."""
    village = places.villages["422827102200"]
    return Sitting.objects.create(
        round=round_, stage="cy", county=village.county, township=village.township, village=village, opened_at=timezone.now(),
        opened_by=cast.lead,
    )  # fmt: skip


@pytest.fixture
def send(login, meeting):
    """`send(content)`: the lead uploads by the page."""

    def make(content: bytes = MINIMAL_PDF, kind: str = "minutes", **more):
        body = {"file": SimpleUploadedFile("扫描 张三.pdf", content), "title": "", "key": uuid.uuid4().hex} | more
        return login("lead").post(f"/evidence/new/?sitting={meeting.uuid}&kind={kind}", body)

    return make


def test_a_lead_uploads_by_the_page_and_goes_back_to_the_meeting(login, meeting, send):
    page = login("lead").get(f"/evidence/new/?sitting={meeting.uuid}&kind=minutes").content.decode()
    assert "上传会议记录签字件" in page and "桐子园村 村议" in page
    answer = send()
    assert (answer.status_code, answer.url) == (302, f"/sittings/{meeting.uuid}/")
    assert Evidence.objects.get().title == "会议记录签字件"


def test_a_file_that_is_not_taken_is_explained_at_its_field(send):
    answer = send(b"GIF89a....", kind="sign_in", title="第一页")
    page = answer.content.decode()
    assert answer.status_code == 400 and "只收 PDF、JPEG、PNG" in page
    assert 'href="#id_file"' in page and 'value="第一页"' in page


def test_a_form_without_a_file_says_so(login, meeting):
    answer = login("lead").post(f"/evidence/new/?sitting={meeting.uuid}&kind=sign_in", {"title": "x"})
    assert answer.status_code == 400 and "请选择文件" in answer.content.decode()


def test_a_page_without_a_kind_asks_which_of_the_two_papers_it_is(login, meeting):
    client, url = login("lead"), f"/evidence/new/?sitting={meeting.uuid}"
    page = client.get(url).content.decode()
    assert "会议记录签字件" in page and "签到表" in page and "张贴照片" not in page
    body = {"file": SimpleUploadedFile("a.pdf", MINIMAL_PDF), "title": "", "kind": "sign_in"}
    assert client.post(url, body).status_code == 302 and Evidence.objects.get().kind == "sign_in"


def test_a_forged_kind_of_another_object_is_refused(login, meeting):
    body = {"file": SimpleUploadedFile("a.pdf", MINIMAL_PDF), "title": "", "kind": "waiver"}
    answer = login("lead").post(f"/evidence/new/?sitting={meeting.uuid}", body)
    assert answer.status_code == 400 and not Evidence.objects.exists()


def test_the_page_for_no_object_or_a_wrong_kind_is_an_answer_and_no_fault(login, meeting):
    client = login("lead")
    for query, status in (("", 400), (f"?sitting={meeting.uuid}&kind=x", 400), ("?sitting=nothing&kind=minutes", 404)):
        assert client.get("/evidence/new/" + query).status_code == status, query


@pytest.mark.parametrize(
    ("content", "kind", "suffix"), [(MINIMAL_PDF, "application/pdf", "pdf"), (photo(), "image/jpeg", "jpg")]
)
def test_a_scan_is_handed_out_as_a_download_under_our_name_and_type(login, send, content, kind, suffix):
    """trust 66, N7: no name that a user wrote, no guessing of types, nothing for a search engine."""
    send(content, title="甲乙丙")
    row = Evidence.objects.get()
    answer = login("lead").get(f"/evidence/{row.uuid}/")
    assert store.digest_of(answer.content) == row.sha256 and answer.headers["Content-Type"] == kind
    shown = answer.headers["Content-Disposition"]
    assert shown.startswith("attachment;") and f"{row.sha256[:8]}.{suffix}" in shown and "甲" not in shown
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store" and "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_damaged_scan_answers_with_a_page_that_says_so(login, send):
    """trust 29"""
    send()
    row = Evidence.objects.get()
    store.path_of(row.sha256).write_bytes(b"%PDF-1.4 another")
    answer = login("lead").get(f"/evidence/{row.uuid}/")
    assert answer.status_code == 409 and "校验码不一致" in answer.content.decode()


def test_the_folder_of_the_tests_is_not_that_of_the_demo():
    assert module.EVIDENCE_DIR.name == "test-evidence"
