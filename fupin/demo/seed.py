"""Fills an empty database with the demo county, once; a second start keeps what is there (contract `demo`)."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import User
from accounts.scopes import scope_of
from assessment import clock
from assessment.actions.due import conclude_due
from assessment.actions.rounds import open_round
from assessment.actions.rubrics import publish_rubric
from assessment.importing.report import error_lines
from assessment.importing.service import import_rows, start_import
from assessment.models import Round, RubricVersion
from assessment.rubric import DEFAULT_PATH
from core import jobs, keycheck
from core.models import Job, JobState
from fupin.demo.accounts import make_accounts
from fupin.demo.day import NEIGHBOUR, VILLAGE, live_day
from fupin.demo.day_papers import check_area, file_papers, note_days
from fupin.demo.households import VillagePlan, households_of
from fupin.demo.lists import walk_lists
from fupin.demo.people import People
from fupin.demo.surveys import drafts_of, survey_rows
from fupin.demo.tables import draw_outlines, send_paper
from households.importing.model import RosterHousehold
from households.models import Household
from reports.actions import roll_up
from reports.models import TableDocument, Tally
from villages.loading import load_divisions, load_groups
from villages.models import Village

DATA = Path(__file__).with_name("data")
PLACES = Path(__file__).resolve().parents[2] / "villages" / "data"
ROSTER = DATA / "roster-dahe-township.xlsx"
ROUND = "2016-SB"
REFERENCE_DATE = date(2016, 6, 30)
ROSTER_TOWNSHIP, EMPTY_TOWNSHIP = "422827102", "422827202"
HALF_SURVEYED = 12
ROUND_DAYS = 70
DEADLINES = {"zp": 10, "cy": 17, "xh": 28, "xd": 38, "gs": 50}
"""Days from the first start on: the wall clock runs the demo, whatever year its round is of (ruling 20)."""
SEED = 20160630

Say = Callable[[str], object]


def seed(password: str, say: Say) -> None:
    """Steps that are done are skipped, so a start that was killed half-way goes on where it stopped."""
    begun = time.monotonic()
    keycheck.verify_or_store()
    keycheck.mark_demo()
    if not Village.objects.exists():
        say("装入来凤县的乡镇、村和组 …")
        load_divisions(PLACES / "divisions-422827.csv")
        load_groups(PLACES / "groups-422827.csv")
    make_accounts(password)
    county = scope_of(User.objects.get(login="county"))
    if not RubricVersion.objects.exists():
        publish_rubric(path=DEFAULT_PATH)
    if not Round.objects.filter(code=ROUND).exists():
        with clock.stepped_to(timezone.now() - timedelta(days=ROUND_DAYS)):  # the lists have a past
            open_round(
                scope=county, code=ROUND, name="2016年贫困户识别", year=2016, reference_date=REFERENCE_DATE,
                rubric_code="LKF-DEFAULT-1", survey_deadline=_in_days(3),
                stage_deadlines={stage: _in_days(days) for stage, days in DEADLINES.items()},
            )  # fmt: skip
    user = User.objects.get(login="county")
    if not Household.objects.filter(township__code=ROSTER_TOWNSHIP).exists():
        say("导入大河镇 26 个村的名册和评估表 …")
        with clock.stepped_to(timezone.now() - timedelta(days=ROUND_DAYS - 5)):
            _import_roster(user)
    if not Household.objects.exclude(township__code=ROSTER_TOWNSHIP).exists():
        say("生成其他乡镇的农户（均为编造）…")
        households = list(_generated())
        forms = survey_rows(_half_surveyed(households), REFERENCE_DATE, SEED)
        import_rows(county, user, Round.objects.get(code=ROUND), households, forms)
    if not Tally.objects.exists():  # the last step of a first start: what stands before it was done, or goes on here
        _live(say)
        say("核对各村疑点 …")
        for pk in Job.objects.filter(kind="quality", state=JobState.QUEUED).values_list("pk", flat=True):
            jobs.run(str(pk))  # what the imports asked for: a doubt found later would leave the tables behind it
        say("汇总村表、乡镇表、县表 …")
        roll_up(scope=county, round_code=ROUND)
    if not TableDocument.objects.exists():
        say("画一张编造的县图，上报一份村表 …")
        draw_outlines()
        send_paper(ROUND)
    say(f"数据就绪，用时 {time.monotonic() - begun:.0f} 秒。")


def _live(say: Say) -> None:
    """What people did: the cadre's day, the check of the county, the lists on their way."""
    say("村干部的一天：户情、变动、签字材料、疑点 …")
    drafts_of("cadre", ROUND)
    for village, login in ((VILLAGE, "lead"), (NEIGHBOUR, "lead2")):
        check_area(village, login)
    note_days("422827", 2)
    live_day()
    file_papers(ROUND)
    note_days("422827", 1, 0)
    say("大河镇八个村的名单走到各个阶段 …")
    walk_lists(ROUND)
    conclude_due(clock.now())  # as the clock would within the minute, after the tables were built


def _in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def _import_roster(user: User) -> None:
    """The project's own import, run here; a demo with a faulty roster must not start."""
    run = start_import(
        scope=scope_of(user), user=user, round_code=ROUND, path=ROSTER, file_name=ROSTER.name, dry_run=False, nudge=False
    )
    job = jobs.run(str(run.job_id))
    if job.state != JobState.DONE or error_lines(run):
        raise CommandError("演示名册没有导入：" + (job.error or "；".join(error_lines(run)[:3])))


def _generated() -> Iterator[RosterHousehold]:
    """Households of every village outside the imported and the empty township, the same at every start."""
    random = Random(SEED)  # noqa: S311 - the demo's data must be the same at every start
    people = People(random, set())
    villages = Village.objects.exclude(township__code__in=(ROSTER_TOWNSHIP, EMPTY_TOWNSHIP)).prefetch_related("groups")
    for village in villages.order_by("code"):
        groups = tuple(group.name for group in village.groups.all())
        plan = VillagePlan(village.code, groups, random.randint(6, 18))
        yield from households_of(plan, random, people, REFERENCE_DATE)


def _half_surveyed(households: list[RosterHousehold]) -> list[RosterHousehold]:
    """About half the households of a dozen villages spread over the townships."""
    villages = sorted({household.village_code for household in households})
    chosen = set(villages[:: max(1, len(villages) // HALF_SURVEYED)][:HALF_SURVEYED])
    return [household for household in households if household.village_code in chosen and int(household.code[-2:]) % 2]
