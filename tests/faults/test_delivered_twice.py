"""One message delivered to two workers at the same moment: one of them works, the other goes away (trust 18)."""

import pytest

from accounts.scopes import scope_of
from core import jobs
from core.models import AuditRow, Job, JobState
from households.models import Household, Person
from reports.exporting import request_export
from reports.models import Tally
from tests.assessment.roster_book import begin, book, household
from tests.faults.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

VILLAGE = "422827102200"


def test_two_workers_with_one_message_make_one_result_of_each_kind(cast, round_, tmp_path):
    import_ = begin(cast.township, book(tmp_path / "名册.xlsx", household(1) + household(2))).job
    _twice(import_)
    assert (Household.objects.count(), Person.objects.count()) == (2, 4)

    _twice(jobs.enqueue("rollup", title="汇总", user_id=cast.county.pk, params={"round": round_.code, "full": True}, nudge=False))
    assert sum(values.get("persons", 0) for values in Tally.objects.values_list("values", flat=True)) == 4

    _twice(request_export(scope=scope_of(cast.cadre), table="roster", round_code=round_.code, area=VILLAGE))
    for action in ("import.commit", "table.roll_up", "export.made"):
        rows = AuditRow.objects.filter(action=action, result="ok")
        assert rows.filter(detail__has_key="counts").count() == 1 if action == "import.commit" else rows.count() == 1, action


def _twice(job: Job) -> None:
    at_once(*[lambda: jobs.run(str(job.pk))] * 3)
    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.attempts) == (JobState.DONE, 1), done.error
