"""A worker killed while it prints a village: the half file is nobody's, another worker makes it once."""

import pytest
from django.conf import settings

from accounts.scopes import scope_of
from core.models import AuditRow, Job, JobState
from reports.actions_papers import request_papers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.mark.parametrize("step", ["reports.papers.bulk:print_sheets", "core.jobs.handle:JobHandle._finish"])
def test_a_killed_print_is_made_once(round_, cast, make_household, kill_at, take_over, nothing_is_broken, step):
    make_household(number=1), make_household(number=2)
    job = request_papers(scope=scope_of(cast.cadre), area="422827102200", papers=["wish"])
    kill_at(job, step)
    assert len(list((settings.FILES_DIR / "exports").glob(f"{job.pk}*"))) == 1
    assert Job.objects.get(pk=job.pk).file_path == "", "a file that nobody finished is offered"
    done = take_over(job)
    assert (done.state, done.attempts) == (JobState.DONE, 2), done.error
    assert AuditRow.objects.filter(action="papers.made").count() == 1
    nothing_is_broken()
