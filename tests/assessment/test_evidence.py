"""Evidence: who may add and open it, that file and row come together or not at all, and that a changed file is seen."""

import errno
import io
import os
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessment.actions import evidence as actions
from assessment.actions.evidence import add_evidence, open_evidence
from assessment.models import Evidence, Notice, NoticeSheet, Objection, Sitting
from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import AuditRow
from core.uploads import store
from fupin.housekeeping import tidy
from fupin.invariants import evidence_is_whole
from tests.core.scan_files import MINIMAL_PDF, PLACE, photo

pytestmark = pytest.mark.django_db
OTHER = b"%PDF-1.4\n% another\n%%EOF\n"
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return settings.EVIDENCE_DIR


@pytest.fixture
def meeting(round_, places, cast):
    """`meeting("cy")` → an open meeting of the first village at that stage."""

    def make(stage: str = "cy", village_code: str = "422827102200", **more) -> Sitting:
        village = places.villages[village_code]
        values = {"opened_by": cast.lead} | more
        return Sitting.objects.create(
            round=round_, stage=stage, county=village.county, township=village.township, village=village,
            opened_at=timezone.now(), **values,
        )  # fmt: skip

    return make


@pytest.fixture
def sheet(round_, places, cast):
    village = places.villages["422827102200"]
    notice = Notice.objects.create(
        round=round_, stage="gs", county=village.county, township=village.township, village=village, days=7, title="公示",
        hotline="0718-0000000", office="大河镇扶贫办", office_place="镇政府", signed_by="大河镇人民政府", started_by=cast.township,
        started_at=timezone.now(), check_code="0" * 64, seal="0",
    )  # fmt: skip
    return NoticeSheet.objects.create(notice=notice, group_name="1组")


@pytest.fixture
def add(scope):
    def make(
        login: str, content: bytes = MINIMAL_PDF, kind: str = "minutes", title: str = "签字件", **more
    ) -> Evidence:
        more = {name: str(row.uuid) if hasattr(row, "uuid") else row for name, row in more.items()}
        return add_evidence(scope=scope(login), kind=kind, file=io.BytesIO(content), title=title, **more)

    return make


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- what is kept ---------------------------------------------------------------------------------------------


def test_a_lead_adds_the_signed_minutes_and_file_row_and_trail_agree(add, meeting, folder):
    row = add("lead", sitting=meeting())
    stored = folder / row.sha256[:2] / row.sha256
    assert stored.read_bytes() == MINIMAL_PDF and store.digest_of(MINIMAL_PDF) == row.sha256
    assert (row.media_type, row.size, row.village_id) == ("application/pdf", len(MINIMAL_PDF), row.sitting.village_id)
    trail = AuditRow.objects.get(action="evidence.add")
    assert (trail.object_code, trail.detail["sha256"]) == (str(row.uuid), row.sha256)


def test_a_stored_scan_is_readable_by_the_service_alone(add, meeting, folder):
    row = add("lead", sitting=meeting())
    stored = folder / row.sha256[:2] / row.sha256
    assert stored.stat().st_mode & 0o777 == 0o600
    assert (folder / "tmp").stat().st_mode & 0o777 == 0o700 and stored.parent.stat().st_mode & 0o777 == 0o700


def test_a_photo_is_stored_without_its_place_under_the_hash_of_what_is_stored(add, meeting, folder):
    """trust 13"""
    row = add("lead", photo(), sitting=meeting())
    content = (folder / row.sha256[:2] / row.sha256).read_bytes()
    assert PLACE.encode() not in content and store.digest_of(content) == row.sha256


def test_the_same_file_twice_for_one_meeting_is_one_row(add, meeting):
    """trust 3"""
    sitting = meeting()
    assert add("lead", sitting=sitting, key="a").pk == add("lead", sitting=sitting, key="b").pk
    assert Evidence.objects.count() == 1


def test_the_same_file_for_two_meetings_is_two_rows_over_one_file(add, meeting, folder):
    first, second = add("lead", sitting=meeting()), add("lead2", sitting=meeting(village_code="422827102201"))
    assert first.pk != second.pk and files(folder) == [f"{first.sha256[:2]}/{first.sha256}"]


def test_a_form_sent_twice_makes_one_row(add, meeting):
    sitting = meeting()
    assert add("lead", sitting=sitting, key="k").pk == add("lead", sitting=sitting, key="k").pk


def test_one_key_for_two_files_is_refused(add, meeting):
    sitting = meeting()
    add("lead", sitting=sitting, key="k")
    with pytest.raises(BadInput, match="不同的内容"):
        add("lead", OTHER, sitting=sitting, key="k")


def test_a_title_left_out_is_the_kind(add, meeting):
    assert add("lead", title="  ", sitting=meeting()).title == "会议记录签字件"


@pytest.mark.parametrize("title", ["张三 522399199001010011", "x" * 65])
def test_a_title_with_a_number_or_too_long_is_refused(add, meeting, title):
    with pytest.raises(BadInput) as refused:
        add("lead", title=title, sitting=meeting())
    assert "title" in refused.value.fields


def test_a_meeting_takes_only_so_many_files(add, meeting, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    sitting = meeting()
    add("lead", sitting=sitting)
    with pytest.raises(WrongState, match="不能再传"):
        add("lead", OTHER, sitting=sitting)


def test_evidence_is_never_changed_or_deleted(add, meeting):
    row = add("lead", sitting=meeting())
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(title="别的")
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).delete()


# --- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "may"),
    [("zp", {"cadre", "lead"}), ("cy", {"lead"}), ("xh", {"township", "township2"}), ("xd", {"county", "county2"})],
)
def test_a_scan_of_a_meeting_is_added_by_who_may_hold_it(add, meeting, stage, may):
    sitting = meeting(stage, opened_by=None)
    for login in ("cadre", "lead", "township", "township2", "county", "county2", "viewer"):
        if login in may:
            add(login, sitting=sitting)
        else:
            with pytest.raises(Denied):
                add(login, sitting=sitting)


def test_who_held_a_meeting_for_the_level_below_may_add_its_scan(add, meeting, cast):
    add("county", sitting=meeting("xh", opened_by=cast.county))


@pytest.mark.parametrize("login", ["cadre2", "cadre_other", "township_other"])
def test_a_meeting_elsewhere_is_not_there(add, meeting, login):
    """trust A6, 71"""
    with pytest.raises(NotFound):
        add(login, sitting=meeting("zp"))


def test_a_photo_of_a_posting_is_added_by_the_village_and_seen_by_all_of_the_list(add, scope, sheet):
    row = add("cadre", photo(), kind="posting", sheet=sheet)
    assert open_evidence(scope=scope("viewer"), evidence=str(row.uuid))[0] == row
    with pytest.raises(Denied):
        add("township", photo((10, 10)), kind="posting", sheet=sheet)
    with pytest.raises(NotFound):
        add("cadre2", photo((10, 10)), kind="posting", sheet=sheet)


def test_a_signed_waiver_is_added_by_who_may_end_the_case(add, make_case):
    case = make_case()
    add("lead", kind="waiver", case=case)
    with pytest.raises(Denied):
        add("cadre", OTHER, kind="waiver", case=case)


def test_material_against_a_household_is_opened_by_the_offices_and_who_took_it_in_but_not_by_neighbours(
    add, scope, make_case, round_
):
    case = make_case()
    place = {"county": case.county, "township": case.township, "village": case.village}
    brought = Objection.objects.create(code="YY-1", round=round_, case=case, kind="wrong", channel="village", lodged_at=timezone.now(), **place)
    row = add("cadre", kind="objection", objection=brought)
    for login in ("cadre", "township", "county"):
        open_evidence(scope=scope(login), evidence=str(row.uuid))
    for login in ("lead", "viewer"):
        with pytest.raises(Denied):
            open_evidence(scope=scope(login), evidence=str(row.uuid))


@pytest.mark.parametrize(
    "what",
    [{"kind": "posting", "of": "sitting"}, {"kind": "waiver", "of": "sitting"}, {"kind": "picture", "of": "sitting"}],
)
def test_a_kind_that_does_not_belong_to_the_object_is_refused(add, meeting, what):
    with pytest.raises(BadInput):
        add("lead", kind=what["kind"], **{what["of"]: meeting()})


def test_two_objects_or_none_are_refused(add, meeting, make_case):
    with pytest.raises(BadInput):
        add("lead", sitting=meeting(), case=make_case())
    with pytest.raises(BadInput):
        add("lead")


def test_an_address_that_is_no_id_is_not_there(add):
    with pytest.raises(NotFound):
        add("lead", sitting="x" * 40)


def test_a_cancelled_meeting_takes_no_scan(add, meeting):
    with pytest.raises(WrongState, match="已取消"):
        add("lead", sitting=meeting(status="dropped"))


def test_a_meeting_that_is_closed_still_takes_its_signed_scan(add, meeting):
    add("lead", sitting=meeting(status="closed"))


def test_a_refusal_before_the_work_is_on_the_trail_once(add, meeting):
    with pytest.raises(Denied):
        add("cadre", sitting=meeting("cy"))
    assert AuditRow.objects.filter(action="evidence.add", result="denied").count() == 1


# --- opening --------------------------------------------------------------------------------------------------


def test_a_scan_of_minutes_is_for_those_who_see_illness_and_the_reading_is_audited(add, scope, meeting):
    row = add("lead", sitting=meeting())
    assert open_evidence(scope=scope("township"), evidence=str(row.uuid))[1] == MINIMAL_PDF
    assert AuditRow.objects.get(action="evidence.read").object_code == str(row.uuid)
    with pytest.raises(Denied):
        open_evidence(scope=scope("viewer"), evidence=str(row.uuid))


@pytest.mark.parametrize("login", ["cadre2", "cadre_other", "township_other", "sysadmin", "nobody"])
def test_a_scan_elsewhere_is_not_there(add, scope, meeting, login):
    """trust 71"""
    row = add("lead", sitting=meeting())
    with pytest.raises(NotFound):
        open_evidence(scope=scope(login), evidence=str(row.uuid))


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("harm", "word"), [(_flip, "校验码不一致"), (Path.unlink, "找不到")], ids=["changed", "gone"])
def test_a_changed_or_lost_file_is_not_handed_out_and_named_by_the_check(add, scope, meeting, harm, word):
    """trust 29"""
    row = add("lead", sitting=meeting())
    assert list(evidence_is_whole()) == []
    harm(store.path_of(row.sha256))
    with pytest.raises(WrongState, match=word):
        open_evidence(scope=scope("lead"), evidence=str(row.uuid))
    trail = AuditRow.objects.get(action="evidence.read")
    assert (trail.result, trail.object_code) == ("failed", str(row.uuid))
    assert [str(row.uuid) in line for line in evidence_is_whole()] == [True]


# --- faults of the machine --------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for SIGKILL."""


def _dies(*args, **kwargs):
    raise Killed


KILLS = {
    "before-the-name": ("core.uploads.store.os.replace", 0),
    "file-without-row": ("assessment.actions.evidence._row", 1),
    "before-commit": ("core.actions.flush", 1),
}


@pytest.mark.parametrize(("step", "left"), KILLS.values(), ids=KILLS)
def test_a_killed_upload_leaves_no_row_without_file_and_is_cleared_up_a_day_later(
    add, meeting, folder, monkeypatch, step, left
):
    """trust 28, 34"""
    sitting = meeting()
    with monkeypatch.context() as patch:
        patch.setattr(step, _dies)
        with pytest.raises(Killed):
            add("lead", sitting=sitting)
    assert Evidence.objects.count() == 0
    assert len([name for name in files(folder) if not name.startswith("tmp/")]) == left
    assert store.sweep() == 0, "an upload of this minute may still be under way"
    _age(folder)
    assert tidy()["中断留下的佐证文件"] > 0 and files(folder) == []


def test_a_killed_upload_is_simply_repeated(add, meeting, folder, monkeypatch):
    sitting = meeting()
    with monkeypatch.context() as patch:
        patch.setattr("core.actions.flush", _dies)
        with pytest.raises(Killed):
            add("lead", sitting=sitting)
    row = add("lead", sitting=sitting)
    _age(folder)
    store.sweep()
    assert files(folder) == [f"{row.sha256[:2]}/{row.sha256}"], (
        "the mark of the first try must not take the second's file"
    )


def test_tidying_never_removes_a_scan_that_no_upload_left_behind(folder):
    """After a restore of an older database the files may be all that is left."""
    with store.kept(MINIMAL_PDF):
        pass
    _age(folder)
    assert store.sweep() == 0 and len(files(folder)) == 1


def test_tidying_leaves_the_file_of_an_upload_that_runs_at_this_moment(folder):
    with pytest.raises(Killed), store.kept(MINIMAL_PDF):
        raise Killed
    _age(folder)
    with store.kept(MINIMAL_PDF):
        store.sweep()
    assert files(folder) == [str(store.path_of(store.digest_of(MINIMAL_PDF)).relative_to(folder))]


def _age(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * DAY))


@pytest.mark.parametrize("step", ["os.fsync", "os.replace"])
def test_a_full_disk_is_said_in_chinese_and_leaves_no_row_and_no_file(add, meeting, folder, monkeypatch, step):
    """trust 26"""
    sitting = meeting()

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"core.uploads.store.{step}", full)
        with pytest.raises(WrongState) as refused:
            add("lead", sitting=sitting)
    assert "磁盘已满" in refused.value.message and "space" not in refused.value.message
    assert Evidence.objects.count() == 0
    assert not [name for name in files(folder) if name.endswith(".part") or not name.startswith("tmp/")]
    assert AuditRow.objects.get(action="evidence.add").result == "failed"
    assert add("lead", sitting=sitting).pk, "recovers without repair"


def test_a_row_that_cannot_be_audited_is_not_there(add, meeting, monkeypatch):
    """trust L2"""
    sitting = meeting()

    def full(*args, **kwargs):
        raise IntegrityError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("core.actions.flush", full)
        with pytest.raises(IntegrityError):
            add("lead", sitting=sitting)
    assert Evidence.objects.count() == 0
