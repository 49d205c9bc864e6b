"""A locked household stands behind every door of the project, found by walking them all: refused, or harmless (issue 3.4; trust 2, 79).

After each door the household, its people, its form and its score are to the letter what they were, and the seal of the list holds.
What each single door says is the subject of tests/assessment/test_locks.py.
"""

import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.forms.models import model_to_dict
from django.test import Client

from accounts.actions import hand_over
from assessment.actions.rounds import RoundSettings, change_round
from assessment.models import Case, Score, Survey
from assessment.verification import verify_list
from core import jobs
from core.crypto.keyring import new_key_text
from core.errors import DomainError
from fupin.housekeeping import tidy
from households.actions import register_household, update_household
from households.entries import HouseholdEntry, MemberEntry
from households.models import Household, ImportRun, Membership, Person
from households.secrets import reveal
from reports.actions import roll_up, system_scope
from tests.assessment.list_ground import Ground, edit, entry_of
from tests.assessment.roster_book import VILLAGE, book, household, import_book, person, survey
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module
from villages.actions import add_group, set_hide_score, set_population

pytestmark = pytest.mark.once

OTHER_ANSWERS = "113222211332222222222"
HEADER = "level,code,name,parent\n"
GROUPS = "village,group,name,year,registered_households,registered_population\n"


@pytest.fixture(scope="module")
def laid(standing, tmp_path_factory):
    """Household 1, imported and locked by its 组评; household 2, imported and free."""
    cast, path, people = standing.cast, tmp_path_factory.mktemp("books"), household(1) + household(2)
    assert import_book(cast.township, book(path / "一.xlsx", people, [survey(1), survey(2)])).state == "committed"
    first, second = Case.objects.select_related("household").order_by("household__code")
    Ground(standing.scope, cast).meet([first])
    return SimpleNamespace(second=second.household, locked=Household.objects.get(pk=first.household_id))


@pytest.fixture
def world(laid, scope, cast, round_, places, tmp_path, settings):
    return SimpleNamespace(
        scope=scope, cast=cast, round=round_, places=places, path=tmp_path, settings=settings, **vars(fresh(laid))
    )


def stored(world) -> list[Any]:
    """All that the seal speaks of, opened."""
    people = Membership.objects.filter(household=world.locked).select_related("person").order_by("code")
    facts = model_to_dict(Household.objects.get(pk=world.locked.pk))
    rows = [(model_to_dict(row), row.person.name, row.person.ethnicity, reveal(row.person, "id")) for row in people]
    forms = Survey.objects.filter(household=world.locked).order_by("pk").values_list("answers", "status", "surveyed_on", "score__points")
    return [
        {name: value for name, value in facts.items() if not name.endswith("_enc")}, reveal(world.locked, "phone"),
        [({k: v for k, v in facts.items() if not k.endswith("_enc")}, *rest) for facts, *rest in rows], list(forms),
        list(Case.objects.filter(household=world.locked).values_list("stage", "pass_no", "state", "category", "version", "score__points")),
    ]  # fmt: skip


def page(world, login: str, path: str, body: dict[str, Any] | None = None) -> int:
    client = Client(raise_request_exception=False)
    client.force_login(getattr(world.cast, login), backend="accounts.backends.LoginBackend")
    return client.post(path.format(code=world.locked.code), body or {}).status_code


def refused(*statuses: int) -> Any:
    return lambda answer: answer in (statuses or (400, 403, 404, 405, 409, 412))


def upload(world, rows, forms=None) -> str:
    """Through the page: the state in which the import ended."""
    path = book(world.path / "二.xlsx", rows, forms)
    with path.open("rb") as file:
        assert page(world, "township", "/imports/new/", {"round": "2016-SB", "file": file, "key": "k2"}) == 302
    run = ImportRun.objects.order_by("-pk").first()
    jobs.run(str(run.job_id))
    return ImportRun.objects.get(pk=run.pk).state


def command(name: str, *args: Any) -> int:
    try:
        call_command(name, *map(str, args), stdout=io.StringIO(), stderr=io.StringIO())
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def said(action, **values) -> str:
    """The refusal's code, or nothing."""
    try:
        action(**values)
    except DomainError as refusal:
        return refusal.code
    return ""


def file(world, name: str, text: str):
    path = world.path / name
    path.write_text(text, encoding="utf-8")
    return path


def newcomer(world, identity: str) -> HouseholdEntry:
    head = MemberEntry(name="向大山", relation="01", identity=identity)
    return HouseholdEntry("", {"attribute": "01", "exit_status": "0", "cause": "01", "appliances": None}, (head,))


def number_of(world, row: int = 1) -> str:
    return reveal(Membership.objects.filter(household=world.locked).order_by("code")[row].person, "id")


def joins_another(world) -> str:
    entry = entry_of(world.second)
    wife = MemberEntry(name="改名", relation="04", identity=number_of(world))
    joined = HouseholdEntry(entry.group_code, entry.facts, (*entry.members, wife))
    return said(update_household, scope=world.scope("cadre"), code=world.second.code, version=world.second.version, entry=joined)


def moved_by_roster(world) -> str:
    """The wife of the locked household comes in a workbook as a member of household 2, under another name."""
    stranger = person(2, 3, "之女", sex="F", 姓名="改名", 证件号码=number_of(world))
    return upload(world, [*told(2, {"人数": 3}), stranger])


def rotated(world, *args: str) -> int:
    settings = world.settings
    if args:
        settings.INDEX_KEY_PREVIOUS, settings.INDEX_KEY = settings.INDEX_KEY, new_key_text("i2")
    else:
        settings.FIELD_KEY_PREVIOUS, settings.FIELD_KEY = settings.FIELD_KEY, new_key_text("k2")
    return command("rotate_keys", *args)


def other_settings(world) -> str:
    round_ = world.round
    wanted = RoundSettings(
        round_.name, 2017, date(2017, 6, 30), round_.rubric.code, "all", round_.procedure, None, {"zp": date(2126, 1, 1)}, 30
    )  # fmt: skip
    return said(change_round, scope=world.scope("county"), round_code="2016-SB", settings=wanted)


def told(number: int, head: dict[str, Any], wife: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The household's rows with other cells."""
    first, second = household(number)
    return [first | head, second | (wife or {})]


WORKBOOKS = {
    "another income": lambda number: (told(number, {"人均纯收入": 999}),),
    "another phone": lambda number: (told(number, {"联系电话": "19000000002"}),),
    "another name": lambda number: (told(number, {}, {"姓名": "改名"}),),
    "one person less": lambda number: (told(number, {"人数": 1})[:1],),
    "one person more": lambda number: ([*told(number, {"人数": 3}), person(number, 3, "之子")],),
    "another group": lambda number: (told(number, {"自然村": "2组"}, {"自然村": "2组"}),),
    "another form": lambda number: (told(number, {}), [survey(number, OTHER_ANSWERS)]),
}


def alone(answer: Any) -> bool:
    """A door that may open: only the household must be what it was."""
    return True


DOORS = {
    "the form of the household": (lambda w: page(w, "cadre", "/households/{code}/edit/", {"version": w.locked.version, "attribute": "04"}), refused(409)),
    "the form, by the secretary": (lambda w: page(w, "lead", "/households/{code}/edit/", {"version": w.locked.version}), refused(409)),
    "the action behind it": (lambda w: said(edit, caller=w.scope("cadre"), code=w.locked.code), lambda code: code != ""),
    "six looks, one look": (lambda w: page(w, "cadre", "/households/{code}/survey/", {"version": "0", "look": "A", "A1": "A1-5"}), refused(409)),
    "six looks, again": (lambda w: page(w, "cadre", "/households/{code}/survey/again/"), refused(409)),
    "six looks, submitted": (lambda w: page(w, "cadre", "/households/{code}/survey/submit/", {"version": "1"}), refused(409)),
    "six looks of a handler of nothing": (lambda w: page(w, "township2", "/households/{code}/survey/", {"version": "0", "look": "A"}), refused(403, 404)),
    **{f"workbook, {what}": (lambda w, change=change: upload(w, *change(1)), lambda state: state == "refused") for what, change in WORKBOOKS.items()},
    "workbook, a member elsewhere": (moved_by_roster, lambda state: state == "refused"),
    "workbook at the command line": (lambda w: command("import_roster", book(w.path / "三.xlsx", household(1, 人均纯收入=999)), "--round", "2016-SB", "--as", "county"), lambda code: code != 0),
    "a member registered anew": (lambda w: said(register_household, scope=w.scope("cadre"), village_code=VILLAGE, entry=newcomer(w, number_of(w))), lambda code: code != ""),
    "a member of it joins another": (joins_another, lambda code: code != ""),
    "REST": (lambda w: page(w, "cadre", "/api/v1/households/{code}/", {"attribute": "04"}), refused(401, 403, 405)),
    "REST, its case": (lambda w: page(w, "county", f"/api/v1/cases/{Case.objects.get(household=w.locked).uuid}/", {"state": "ended"}), refused(401, 403, 404, 405)),
    "rescore": (lambda w: command("rescore", "2016-SB"), alone),
    "roll-up": (lambda w: roll_up(scope=system_scope(w.round), round_code="2016-SB", full=True), alone),
    "due work": (lambda w: command("due_work", "--at", "2126-01-01 08:00"), alone),
    "tidying": (lambda w: tidy(), alone),
    "keys of fields": (rotated, alone),
    "keys of indexes": (lambda w: rotated(w, "--index"), alone),
    "names of places": (lambda w: command("import_divisions", file(w, "区划.csv", f"{HEADER}village,{VILLAGE},桐梓园村村民委员会,422827102\n")), alone),
    "names of groups": (lambda w: command("import_divisions", file(w, "组.csv", f"{GROUPS}{VILLAGE},1,大湾组,2016,60,240\n")), alone),
    "another group": (lambda w: said(add_group, scope=w.scope("sysadmin"), village_code=VILLAGE, number=9, name="九组"), alone),
    "registered population": (lambda w: said(set_population, scope=w.scope("sysadmin"), group_code=f"{VILLAGE}01", year=2016, households=1, persons=1), alone),
    "hidden scores": (lambda w: said(set_hide_score, scope=w.scope("county"), county_code="422827", hide=True), alone),
    "settings of the round": (other_settings, alone),
    "a cadre who goes": (lambda w: said(hand_over, scope=w.scope("sysadmin"), leaver="cadre", successor="lead", day=date.today()), alone),
    "rubric at the command line": (lambda w: command("publish_rubric"), alone),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS, ids=lambda name: name.replace(" ", "-").replace(",", ""))
def test_a_locked_household_stands_behind_every_door(world, door):
    act, expected = DOORS[door]
    before, counts = stored(world), (Person.objects.count(), Score.objects.filter(survey__household=world.locked).count())
    answer = act(world)
    assert expected(answer), f"{door} answered {answer!r}"
    assert stored(world) == before, f"{door} changed the locked household"
    assert (Person.objects.count(), Score.objects.filter(survey__household=world.locked).count()) == counts
    assert verify_list(world.round, world.places.villages[VILLAGE]) == [], f"{door} broke a seal"


@pytest.mark.parametrize("what", WORKBOOKS, ids=lambda name: name.replace(" ", "-"))
def test_the_same_workbook_is_taken_for_a_household_that_is_not_locked(world, what):
    """So it is the lock that refused it."""
    assert upload(world, *WORKBOOKS[what](2)) == "committed"
    assert verify_list(world.round, world.places.villages[VILLAGE]) == []
