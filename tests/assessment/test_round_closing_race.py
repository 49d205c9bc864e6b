"""A round is closed while a form is on its way: one of the two is refused, and no closed round holds a live case."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from assessment.actions.rounds import close_round
from assessment.actions.surveys import save_draft, submit_survey
from assessment.models import Case, Round, RoundStatus
from core.errors import DomainError


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_a_form_beside_the_end_of_its_round_never_leaves_a_live_case_behind(turn, round_, make_household, scope):
    household = make_household("422827102200", 1, attribute="01")
    cadre, county = scope("cadre"), scope("county")
    answers = {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    draft = save_draft(
        scope=cadre, household_code=household.code, round_code=round_.code, answers=answers, surveyed_on=date(2016, 7, 1),
        notes=dict.fromkeys(answers, "入户看过"), surveyor_name="覃晓燕",
    )  # fmt: skip
    start, done = Barrier(2), []

    def run(action, **arguments):
        start.wait()
        try:
            done.append(action(**arguments))
        except DomainError:
            pass
        finally:
            connection.close()

    form = {"scope": cadre, "household_code": household.code, "round_code": round_.code, "version": draft.version}
    threads = [
        Thread(target=run, args=(submit_survey,), kwargs=form),
        Thread(target=run, args=(close_round,), kwargs={"scope": county, "round_code": round_.code}),
    ]
    for thread in threads[:: 1 if turn % 2 else -1]:
        thread.start()
    for thread in threads:
        thread.join()
    closed = Round.objects.get().status == RoundStatus.CLOSED
    assert len(done) == 1 and closed is not Case.objects.live().exists()
