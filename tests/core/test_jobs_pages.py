from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from core import jobs
from core.models import AuditRow, Job, JobState
from reports.rollup import SOURCES

pytestmark = pytest.mark.once  # what a page shows is the same on any database


@pytest.fixture
def exported(round_, cast, make_household, login):
    """A finished roster export of `cadre`."""
    make_household(number=1)
    login("cadre").post("/exports/", {"table": "roster", "round": round_.code, "area": "422827102200"})
    return jobs.run(str(Job.objects.get().pk))


def test_requester_fetches_the_file_under_its_chinese_name_and_that_is_audited(exported, login):
    assert exported.state == JobState.DONE, exported.error
    response = login("cadre").get(f"/jobs/{exported.pk}/file/")
    assert response.status_code == 200 and b"".join(response.streaming_content)[:2] == b"PK"
    assert f"filename*=utf-8''{quote('桐子园村花名册')}" in response.headers["Content-Disposition"]
    assert AuditRow.objects.filter(action="job.download", actor_login="cadre").count() == 1


@pytest.mark.parametrize("path", ["", "status.json", "file/"])
def test_job_of_another_user_does_not_exist(exported, login, path):
    assert login("lead").get(f"/jobs/{exported.pk}/{path}").status_code == 404


def test_another_user_cannot_cancel(exported, login):
    Job.objects.update(state=JobState.QUEUED)
    assert login("lead").post(f"/jobs/{exported.pk}/cancel/").status_code == 404
    assert Job.objects.get().state == JobState.QUEUED


def test_file_is_gone_after_its_day(exported, login):
    Job.objects.update(file_expires_at=timezone.now() - timedelta(seconds=1))
    assert login("cadre").get(f"/jobs/{exported.pk}/file/").status_code == 404
    assert "已过期" in login("cadre").get(f"/jobs/{exported.pk}/").content.decode()


def test_file_is_refused_once_the_requester_has_left_the_village(exported, login, cast, places):
    cast.cadre.assignments.update(village=places.villages["422827102201"])
    assert login("cadre").get(f"/jobs/{exported.pk}/file/").status_code == 404


def test_file_is_refused_once_the_requester_has_no_post(exported, login, cast):
    cast.cadre.assignments.all().delete()
    assert login("cadre").get(f"/jobs/{exported.pk}/file/").status_code in (403, 404)


def test_job_that_waited_is_not_run_with_rights_taken_away_since(round_, cast, make_household, login):
    login("cadre").post("/exports/", {"table": "roster", "round": round_.code, "area": "422827102200"})
    cast.cadre.assignments.all().delete()
    job = jobs.run(str(Job.objects.get().pk))
    assert job.state == JobState.FAILED and job.file_path == ""


def test_file_outside_the_files_folder_is_never_served(exported, login, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("x")
    Job.objects.update(file_path=str(secret))
    assert login("cadre").get(f"/jobs/{exported.pk}/file/").status_code == 404


def test_file_of_a_kind_without_a_check_stays_shut(exported, login):
    Job.objects.update(kind="unheard.of")
    assert login("cadre").get(f"/jobs/{exported.pk}/file/").status_code == 404


def test_status_tells_how_far_the_job_is(exported, login):
    Job.objects.update(state=JobState.RUNNING, progress_done=1, progress_total=4, progress_note="已写 1 户")
    body = login("cadre").get(f"/jobs/{exported.pk}/status.json").json()
    assert (body["percent"], body["note"], body["live"], body["state"]) == (25, "已写 1 户", True, "running")


def test_requester_cancels_a_queued_job(exported, login):
    Job.objects.update(state=JobState.QUEUED)
    assert login("cadre").post(f"/jobs/{exported.pk}/cancel/").status_code == 302
    assert Job.objects.get().state == JobState.CANCELLED
    assert AuditRow.objects.filter(action="job.cancel").exists()


def test_finished_job_answers_409_to_a_cancel(exported, login):
    assert login("cadre").post(f"/jobs/{exported.pk}/cancel/").status_code == 409


def test_list_shows_the_own_jobs_only(exported, login):
    assert "桐子园村 花名册" in login("cadre").get("/jobs/").content.decode()
    assert "桐子园村 花名册" not in login("lead").get("/jobs/").content.decode()


@pytest.fixture
def many(cast):
    """130 jobs of `cadre`: two kinds, three states."""
    begun, states = timezone.now(), ("done", "failed", "cancelled")
    Job.objects.bulk_create(
        Job(
            kind=("rollup", "papers")[n % 2], title=f"第{n}件", requested_by=cast.cadre, state=states[n % 3],
            created_at=begun - timedelta(minutes=n),
        ) for n in range(130)
    )  # fmt: skip


def test_a_long_list_of_jobs_goes_on_by_keyset_and_comes_back(many, login):
    client, seen, address = login("cadre"), [], "/jobs/"
    while address:
        page = client.get(address)
        seen += [job.title for job in page.context["page"].rows]
        address = page.context["next"] and "/jobs/" + page.context["next"]
    assert seen == [f"第{n}件" for n in range(130)] and "上一页" in page.content.decode()


def test_the_list_says_how_many_jobs_there_are(many, login):
    assert "130 件" in login("cadre").get("/jobs/").content.decode()


def test_a_cadre_narrows_the_jobs_by_kind_and_state(many, login):
    found = login("cadre").get("/jobs/?kind=papers&state=failed").context["page"].rows
    assert {(job.kind, job.state) for job in found} == {("papers", "failed")}


def test_the_kinds_offered_are_the_callers_own_in_chinese(many, login):
    page = login("cadre").get("/jobs/").content.decode()
    assert "汇总报表" in page and "打印材料" in page and "导出疑点" not in page


def test_every_kind_of_job_has_a_name_in_chinese():
    from core.jobs import registry

    registry.kind_name("")
    assert all(registry._names[kind] for kind in registry._handlers) and registry.kind_name("unheard.of") == "其他处理"


def test_a_list_narrowed_to_nothing_says_so_and_one_without_jobs_says_where_to_begin(many, login):
    assert "没有符合条件的处理" in login("cadre").get("/jobs/?state=queued").content.decode()
    assert "还没有发起过处理" in login("lead").get("/jobs/").content.decode()


@pytest.mark.parametrize("left", [3, 130])
def test_the_list_costs_the_same_for_3_jobs_and_130(many, login, left, django_assert_max_num_queries):
    Job.objects.filter(pk__in=list(Job.objects.values_list("pk", flat=True)[left:])).delete()
    client = login("cadre")
    client.get("/jobs/")
    with django_assert_max_num_queries(8):
        client.get("/jobs/")


def test_running_job_can_be_followed_without_javascript(exported, login):
    Job.objects.update(state=JobState.RUNNING)
    html = login("cadre").get(f"/jobs/{exported.pk}/").content.decode()
    assert "<noscript>" in html and "刷新进度" in html and "停止处理" in html


def test_roll_up_job_computes_and_finishes(round_, cast, make_household, login):
    make_household(number=1)
    login("township").post("/tables/rollup/", {"round": round_.code})
    job = jobs.run(str(Job.objects.get().pk))
    assert (job.state, job.result["recomputed"], job.progress_total) == (JobState.DONE, 2, len(SOURCES) + 1)


def test_roll_up_whose_lease_was_lost_leaves_no_figures(round_, cast, make_household, login, monkeypatch):
    import reports.actions as actions
    from reports.models import Tally

    make_household(number=1)
    login("township").post("/tables/rollup/", {"round": round_.code})
    read = actions.base_figures

    def robbed(*args):
        Job.objects.update(lease_token="other")
        return {} if not read else read(args[0], args[1])

    monkeypatch.setattr(actions, "base_figures", robbed)
    job = jobs.run(str(Job.objects.get().pk))
    assert job.state == JobState.RUNNING and not Tally.objects.exists()


def test_expired_files_are_removed_by_the_next_export(exported):
    from pathlib import Path

    from reports.exporting import remove_expired_files

    path = Path(exported.file_path)
    assert path.exists() and remove_expired_files() == 0
    Job.objects.update(file_expires_at=timezone.now() - timedelta(seconds=1))
    assert remove_expired_files() == 1 and not path.exists()


def test_health_check_answers_without_log_in(client, db):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json().keys() >= {"database", "broker", "version"}
