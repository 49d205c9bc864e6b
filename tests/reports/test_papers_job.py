"""A whole village in one click: one PDF a paper and group, scope asked again, nothing left behind."""

import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from core import jobs
from core.errors import BadInput, Denied, NotFound
from core.models import AuditRow, Job, JobState
from reports.actions_papers import request_papers
from reports.papers import bulk
from tests.pdf_reading import pages_of, text_of
from tests.reports.paper_ground import VILLAGE


@pytest.fixture
def village(make_case, make_household):
    """Three households in two groups; the last has no form."""
    make_case(number=1, points=58), make_case(number=2, points=70, group=2)
    make_household(number=3)


def _made(job: Job) -> zipfile.ZipFile:
    return zipfile.ZipFile(Job.objects.get(pk=job.pk).file_path)


def test_the_papers_of_a_village_come_as_one_pdf_a_paper_and_group(village, scope):
    job = jobs.run(request_papers(scope=scope("cadre"), area=VILLAGE, papers=["wish", "survey"]).pk)
    assert (job.state, job.result) == (JobState.DONE, {"households": 3, "files": 4, "skipped": 1}), job.error
    book = _made(job)
    assert sorted(name for name in book.namelist() if "意愿书" in name) == ["贫困农户脱贫意愿书/1组_贫困农户脱贫意愿书.pdf", "贫困农户脱贫意愿书/2组_贫困农户脱贫意愿书.pdf"]
    pages = pages_of(book.read("贫困农户脱贫意愿书/1组_贫困农户脱贫意愿书.pdf"))
    assert len(pages) == 2 and all("第1页，共1页" in page for page in pages), "each household counts its own pages"
    assert "还没有评估表" in book.read("没有打印的户.txt").decode("utf-8-sig")
    assert AuditRow.objects.get(action="papers.made").detail["households"] == 3


def test_a_large_group_is_split_so_that_memory_stays_small(village, scope, monkeypatch):
    monkeypatch.setattr(bulk, "PART", 1)
    job = jobs.run(request_papers(scope=scope("cadre"), area=VILLAGE, papers=["plate"]).pk)
    assert sorted(_made(job).namelist()) == ["门牌/1组-1_门牌.pdf", "门牌/1组-2_门牌.pdf", "门牌/2组_门牌.pdf"]


def test_blank_forms_of_a_village_carry_each_households_head(village, scope):
    job = jobs.run(request_papers(scope=scope("county"), area="42282710220002", papers=["registration"], blank=True).pk)
    text = text_of(_made(job).read("贫困农户基本情况登记表/2组_贫困农户基本情况登记表.pdf"))
    assert "张2" in text and "522399" not in text


def test_the_county_may_not_print_the_numbers_of_a_village(village, scope):
    with pytest.raises(Denied):
        request_papers(scope=scope("county"), area=VILLAGE, papers=["registration"])


WRONG = (("cadre", VILLAGE, [], BadInput), ("cadre", VILLAGE, ["roster"], BadInput), ("cadre", VILLAGE, ["nothing"], NotFound), ("cadre2", VILLAGE, ["wish"], NotFound))


def test_a_wrong_request_is_refused_before_anything_is_queued(village, scope):
    for who, area, papers, refused in WRONG:
        with pytest.raises(refused):
            request_papers(scope=scope(who), area=area, papers=papers)
    assert not Job.objects.exists()


def test_the_same_click_twice_is_one_job(village, scope):
    asked = {"scope": scope("cadre"), "area": VILLAGE, "papers": ["wish"], "key": "k-1"}
    assert request_papers(**asked).pk == request_papers(**asked).pk and Job.objects.count() == 1


def test_a_cancelled_job_leaves_no_file(village, scope, monkeypatch):
    job = request_papers(scope=scope("cadre"), area=VILLAGE, papers=["wish"])
    monkeypatch.setattr(bulk, "PART", 1)
    render = bulk.print_sheets

    def cancel_meanwhile(*args, **named):
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        return render(*args, **named)

    monkeypatch.setattr(bulk, "print_sheets", cancel_meanwhile)
    assert jobs.run(job.pk).state == JobState.CANCELLED
    assert list((settings.FILES_DIR / "exports").glob(f"{job.pk}*")) == []


def test_a_cadre_who_has_left_the_village_does_not_get_its_file(village, login, scope, cast):
    job = jobs.run(request_papers(scope=scope("cadre"), area=VILLAGE, papers=["wish"]).pk)
    address = reverse("job_file", args=[job.pk])
    assert login("cadre").get(address).status_code == 200
    cast.cadre.assignments.update(village_id=cast.cadre2.assignments.get().village_id)
    assert login("cadre").get(address).status_code == 404 and Path(job.file_path).exists()
