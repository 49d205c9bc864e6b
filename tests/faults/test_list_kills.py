"""Death in the middle of a decision leaves nothing behind, and doing it again works (issue 3.9; trust 4, 17, 22).

First inside the process, at every inner step of four actions, by an exception that no handler of the project catches; then a real
process of `due_work`, killed with SIGKILL between two notices and in the middle of the second.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.utils import timezone

from assessment import clock
from assessment.actions.due import conclude_due
from assessment.actions.notices import start_notice
from assessment.actions.objections import confirm_outcome, propose_outcome, take_objection
from assessment.actions.sittings import close_sitting
from assessment.models import Case, Notice, Objection, Sitting, Verdict
from assessment.verification import verify_list
from core.models import AuditRow, IdempotencyKey
from households.models import Household
from tests.assessment.meetings import VILLAGE, Hall
from tests.faults.conftest import PATIENCE, database_url
from tests.reports.walked import TEXT, object_to, walk

pytestmark = pytest.mark.django_db(transaction=True)

ROUND, NEAR, HOUSES = "2016-SB", "422827102201", 3
KEY = "the-same-key"
DUE = Path(__file__).with_name("due_process.py")


class Killed(BaseException):
    """Stands for the end of the process."""


def contents() -> dict[str, list]:
    """Every row of the project, whole."""
    models = [model for model in apps.get_models() if model._meta.app_label not in ("sessions", "contenttypes", "auth")]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in models}


def steps(*names: str) -> list:
    """The first and the last in the fast tier, where everything and nothing is still to be written; the slow tier dies at each."""
    return [name if name in (names[0], names[-1]) else pytest.param(name, marks=pytest.mark.long) for name in names]


@pytest.fixture
def whole(round_, places):
    """`whole()` → every seal of both villages holds."""
    return lambda: [finding for code in (VILLAGE, NEAR) for finding in verify_list(round_, places.villages[code])] == []


@pytest.fixture
def dies_then_works(monkeypatch, whole):
    """`dies_then_works(action, "module:function")`: killed at the step it changes no row; called again it works."""

    def run(action: Callable[[], object], step: str) -> object:
        module, name = step.split(":")
        owner, reached, before = import_module(module), [], contents()
        real = getattr(owner, name)

        def die(*args, **kwargs):
            reached.append(name)
            if name == "flush":  # everything is written then, only the COMMIT is missing
                real(*args, **kwargs)
            raise Killed

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(owner, name, die)
            action()
        assert reached, f"{step} is no step of it any more"
        assert contents() == before, f"killed at {step} it left something behind"
        assert whole() and not IdempotencyKey.objects.filter(key=KEY).exists()
        done = action()
        assert whole()
        return done

    return run


# --- a meeting closes ------------------------------------------------------------------------------------------

CASEWORK, CLOSING, TRACES = "assessment.actions.casework", "assessment.actions.closing", "core.actions"
DECIDING = [f"{CASEWORK}:{name}" for name in ("_write_verdicts", "seal", "_finish", "_save", "refresh_holds")]
DECIDING += [f"{TRACES}:flush"]


@pytest.mark.parametrize(
    "step", steps(*[f"{CLOSING}:{name}" for name in ("lock_list", "_plan", "_write", "mark_blocked", "settle", "_list_seal", "_leave_traces")], *DECIDING)
)
def test_a_close_killed_at_any_step_has_decided_nothing(make_case, scope, dies_then_works, step):
    for number in range(1, HOUSES + 1):
        make_case(number=number)
    sitting = Hall(scope).ready("zp")
    caller = scope("cadre")

    def close() -> Sitting:
        return close_sitting(
            scope=caller, sitting=str(sitting.uuid), version=sitting.version, rest_agree=True, count=HOUSES, key=KEY
        )

    closed = dies_then_works(close, step)
    assert (closed.status, Verdict.objects.count()) == ("closed", HOUSES)
    assert close().list_seal == closed.list_seal and Verdict.objects.count() == HOUSES


# --- a notice begins -------------------------------------------------------------------------------------------

NOTICES = "assessment.actions.notices"


@pytest.fixture
def decided(make_case, scope, round_):
    """Two groups of households that wait for their notice."""
    for number in range(1, HOUSES + 1):
        make_case(number=number, group=1 + number % 2)
    hall = Hall(scope)
    hall.up_to("gs", groups=(1, 2))
    return hall


@pytest.mark.parametrize(
    "step", steps(*[f"{NOTICES}:{name}" for name in ("_waiting_cases", "_make", "_freeze", "_sheets", "_line", "seal_mac")], f"{TRACES}:flush")
)
def test_a_notice_killed_at_any_step_of_its_making_is_not_there(decided, scope, dies_then_works, step):
    caller = scope("township")

    def start() -> Notice:
        return start_notice(scope=caller, round_code=ROUND, stage="gs", village_code=VILLAGE, text=TEXT, key=KEY)

    made = dies_then_works(start, step)
    assert (made.number, made.lines.count(), made.sheets.count()) == (1, HOUSES, 2)
    assert start().pk == made.pk


# --- the clock -------------------------------------------------------------------------------------------------

CLOCK = "assessment.actions.due"


@pytest.fixture
def shown(decided, scope):
    from tests.reports.walked import notice

    return notice(scope)


@pytest.mark.parametrize(
    "step",
    steps(*[f"{CLOCK}:{name}" for name in ("_locked_cases", "_settled", "settle", "_left_over")], "households.standing:write_standing", *DECIDING),
)  # fmt: skip
def test_a_conclusion_killed_at_any_step_has_concluded_nobody(shown, dies_then_works, step):
    moment = shown.ends_at + timedelta(seconds=1)
    counts = dies_then_works(lambda: conclude_due(moment), step)
    assert counts == {"notices": 1, "cases": HOUSES, "held": 0}
    assert Household.objects.exclude(standing="").count() == HOUSES
    assert conclude_due(moment)["cases"] == 0


# --- the county's word -----------------------------------------------------------------------------------------

OUTCOME = "assessment.actions.objections_outcome"


@pytest.fixture
def proposed(make_case, scope, round_):
    _, row = object_to(scope, walk(scope, make_case))
    take_objection(scope=scope("township2"), code=row.code)
    propose_outcome(
        scope=scope("township2"), code=row.code, proposal="change", category="YIBAN", finding="入户看过，情况属实。",
        visited_on=timezone.localdate(),
    )  # fmt: skip
    return row


@pytest.mark.parametrize(
    "step",
    steps(*[f"{OUTCOME}:{name}" for name in ("_close", "_take_effect", "_decide", "_open_sitting", "settle", "_seal_sitting", "_drop_review_drafts", "audited")], *DECIDING),
)  # fmt: skip
def test_a_word_of_the_county_killed_at_any_step_has_changed_nothing(proposed, scope, dies_then_works, step):
    caller = scope("county2")

    def confirm() -> Objection:
        return confirm_outcome(scope=caller, code=proposed.code, accept=True, answer="经核查，答复如下。", key=KEY)

    done = dies_then_works(confirm, step)
    assert (done.status, Sitting.objects.filter(kind="review").count()) == ("closed", 1)
    assert confirm().pk == done.pk and Sitting.objects.filter(kind="review").count() == 1


# --- a real process --------------------------------------------------------------------------------------------


@pytest.fixture
def two_notices(make_case, scope, round_):
    """Each of two villages has a notice of its own; both run out on the same night."""
    from tests.reports.walked import near

    made = SimpleNamespace()
    for number in range(1, HOUSES + 1):
        make_case(number=number)
        make_case(number=number, village_code=NEAR)
    first, second = Hall(scope), near(scope)
    first.up_to("gs")
    for stage, login in (("zp", "cadre2"), ("cy", "lead2"), ("xh", "township"), ("xd", "county")):
        second.decide(stage, by=login)
    made.first, made.second = _posted(scope, VILLAGE, "cadre"), _posted(scope, NEAR, "cadre2")
    made.over = max(made.first.ends_at, made.second.ends_at) + timedelta(seconds=1)
    return made


def _posted(scope, village: str, login: str) -> Notice:
    from assessment.actions.notices import post_sheet

    made = start_notice(scope=scope("township"), round_code=ROUND, stage="gs", village_code=village, text=TEXT)
    for sheet in made.sheets.all():
        post_sheet(
            scope=scope(login), notice=str(made.uuid), sheet=str(sheet.uuid), posted_at=clock.now(), posted_place="村委会公示栏",
            posted_name="覃晓燕",
        )  # fmt: skip
    made.refresh_from_db()
    return made


@pytest.fixture
def killed_process(tmp_path):
    """`killed_process(moment, step, call)`: a process concludes what is due at the moment and is killed at the n-th call of the step."""
    started: list[subprocess.Popen] = []

    def run(moment, step: str, call: int) -> None:
        flag, log = tmp_path / "reached", (tmp_path / "due.log").open("w+")
        env = os.environ | {"DATABASE_URL": database_url()}
        worker = subprocess.Popen(
            [sys.executable, str(DUE), moment.isoformat(), step, str(call), str(flag)], env=env, stdout=log, stderr=log
        )
        started.append(worker)
        until = time.monotonic() + PATIENCE
        while not flag.exists():
            log.seek(0)
            assert worker.poll() is None, f"it ended before {step}: {log.read()}"
            assert time.monotonic() < until, f"{step} was never reached"
            time.sleep(0.02)
        worker.kill()
        assert worker.wait() == -9
        log.close()

    yield run
    for worker in started:
        if worker.poll() is None:
            worker.kill()
            worker.wait()


@pytest.mark.parametrize(
    ("step", "call"),
    [
        pytest.param(f"{CLOCK}:_conclude", 2, id="between-the-two"),
        pytest.param(f"{CLOCK}:_left_over", 2, id="second-half-written"),
        pytest.param(f"{CLOCK}:_left_over", 1, id="first-half-written", marks=pytest.mark.long),
    ],
)
def test_a_killed_clock_goes_on_where_it_stopped(two_notices, killed_process, whole, nothing_is_broken, step, call):
    """Each village is concluded whole or not at all, and once in the end."""
    killed_process(two_notices.over, step, call)
    done = HOUSES * (call - 1)
    assert Case.objects.filter(state="concluded").count() == Verdict.objects.filter(stage="gs").count() == done
    assert Household.objects.exclude(standing="").count() == done and whole()

    assert conclude_due(two_notices.over)["cases"] == 2 * HOUSES - done
    assert conclude_due(two_notices.over)["cases"] == 0
    assert set(Case.objects.values_list("state", flat=True)) == {"concluded"}
    assert Verdict.objects.filter(stage="gs").count() == 2 * HOUSES
    assert AuditRow.objects.filter(action="notice.conclude", result="ok").count() == 2
    assert set(Notice.objects.values_list("status", flat=True)) == {"ended"} and whole()
    nothing_is_broken()
