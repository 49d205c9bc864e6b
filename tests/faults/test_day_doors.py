"""Every form of the cadre's day, sent for a household that is locked, closed, of another village, or overtaken (issue 4; trust 1, 2, 71, 79).

Each form is first taken for a free household, so it is its state that refuses it; after a refusal the household, its people, its income
and its list are to the letter what they were.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms.models import model_to_dict
from django.test import Client
from django.utils import timezone

from assessment.verification import verify_list
from core.models import IdempotencyKey
from households.actions.family import Wish, ask_transfer
from households.family import Happening
from households.models import (
    Exclusion,
    Household,
    HouseholdEvent,
    IncomeYear,
    Membership,
    Paper,
    Person,
    Residence,
    Transfer,
)
from tests.assessment.meetings import Hall
from tests.core.scan_files import pdf, photo
from tests.households.test_signed_papers import drawn
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

pytestmark = pytest.mark.once

HOME, FAR = "422827102200", "422827103200"
REFUSED, HIDDEN = {409, 412}, {403, 404}
TODAY = f"{timezone.localdate()}"


@dataclass(frozen=True)
class Door:
    """`good` is what a cadre sends; the pages of a locked (`locked`) or closed (`closed`) household that may still take it say True:
    they add to its file and touch nothing that the list is sealed over."""

    path: str
    good: Callable[[Any], dict[str, Any]]
    locked: bool = False
    closed: bool = False
    versioned: bool = True


def happening(world, **more) -> dict[str, Any]:
    return {"version": str(world.home.version), "on": TODAY, "paper": "户口簿", **more}


def other_than_head(world, step: str) -> dict[str, Any]:
    return happening(world, **{f"relation-{one}": "99" for one in world.people if one != step})


def file(content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("签字.pdf", content or pdf(), "application/pdf")


def version(world) -> dict[str, str]:
    return {"version": str(world.home.version)}


KEEP = ("exclusions", "the looks")
"""Their version is of themselves, not the household's."""

DOORS = {
    "basic facts": Door("edit/?section=home", lambda w: version(w) | {"section": "home", "attribute": "04", "exit_status": "0", "cause": "09"}),
    "the house": Door("edit/?section=house", lambda w: version(w) | {"section": "house", "structure": "brick_wood"}),
    "assets": Door("edit/?section=assets", lambda w: version(w) | {"section": "assets", "debt": "4000"}),
    "one member": Door("members/{wife}/", lambda w: version(w) | {"name": "李改", "relation": "02", "sex": "F"}),
    "income": Door("income/2015/", lambda w: version(w) | {"wage": "9000", "persons": "3"}),
    "a birth": Door("family/add/", lambda w: happening(w, reason="birth", name="张宝", relation="04", birth=TODAY, sex="F")),
    "a death": Door("family/leave/", lambda w: happening(w, members=[w.child], reason="died", paper="死亡证明")),
    "another head": Door("family/head/", lambda w: other_than_head(w, w.wife) | {"head": w.wife}),
    "a split": Door("family/split/", lambda w: happening(w, members=[w.wife], head=w.wife)),
    "a merge": Door("family/merge/", lambda w: other_than_head(w, "") | {"other": w.next.code}),
    "another group": Door("family/move/", lambda w: happening(w, where=f"g:{HOME}02")),
    "asked to another village": Door("family/move/", lambda w: happening(w, where=f"v:{FAR}")),
    "one person to another home": Door("family/transfer/", lambda w: happening(w, member=w.wife, other=w.next.code, relation="99", reason="married")),
    "exclusions": Door("exclusions/", lambda w: {"version": "0", "asked-02": "yes"}, locked=True),
    "a signed paper": Door("papers/new/?kind=wish", lambda w: {"signer": w.head, "signed_on": TODAY, "file": file()}, locked=True, versioned=False),
    "signed on the screen": Door("papers/sign/?kind=wish", lambda w: {"signer": w.head, "drawing": drawn()}, locked=True, versioned=False),
    "a photo": Door("photos/?look=A", lambda w: {"look": "A", "files": SimpleUploadedFile("一.jpg", photo())}, versioned=False),
    "the looks": Door("survey/", lambda w: {"version": "0", "look": "A", "A1": "A1-5"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def laid(standing, tmp_path_factory):
    """Households 1 and 2 with three members each, in group 1; the doors are of 1. A household on a list could not move or close at all
    (one with a case in hand), so it comes onto the list only when it is locked."""
    from django.conf import settings

    standing.patch.setattr(settings, "EVIDENCE_DIR", tmp_path_factory.mktemp("evidence"))
    home, neighbour = (standing.make_household(number=number, members=3) for number in (1, 2))
    people = [str(one) for one in Membership.objects.filter(household=home).order_by("pk").values_list("uuid", flat=True)]
    return SimpleNamespace(code=home.code, next=neighbour, people=people, head=people[0], wife=people[1], child=people[2])


@pytest.fixture
def world(laid, db):
    return fresh(laid)


def sent(world, cast, door: Door, login: str = "cadre") -> int:
    """The form as it was opened, before whatever happened since: with the version of `world.home`. A form that comes back (400) and says
    that the household is locked or closed is a refusal of its state too."""
    client = Client(raise_request_exception=False)
    client.force_login(getattr(cast, login), backend="accounts.backends.LoginBackend")
    path = f"/households/{world.code}/" + door.path.format(wife=world.wife)
    answer = client.post(path, {"key": "key-of-the-page"} | door.good(world))
    said = answer.status_code == 400 and re.search("已锁定|锁定了|已销户", answer.content.decode())
    return 409 if said else answer.status_code


def opened(world) -> None:
    world.home = Household.objects.get(code=world.code)


def stored(world) -> list[Any]:
    """What the list is sealed over, and what counts of households and people are made of; ciphertexts differ each time, so without them."""
    rows = [*Household.objects.filter(village__code=HOME), *Membership.objects.filter(village__code=HOME), *IncomeYear.objects.all(), *Residence.objects.all()]
    plain = [{name: value for name, value in model_to_dict(row).items() if not name.endswith("_enc")} for row in rows]
    counted = [model._base_manager.count() for model in (Person, HouseholdEvent, Transfer, Exclusion, Paper)]
    return [plain, sorted(Person.objects.values_list("pk", "name")), counted]


def lock(world, standing) -> None:
    """It comes onto the list, and the meeting of the group closes that."""
    standing.make_case(household=Household.objects.get(code=world.code))
    Hall(standing.scope).decide("zp", group=1)
    assert Household.objects.get(code=world.code).hold


def close(world, standing) -> None:
    """It moves into household 2."""
    from households.actions.family import merge_households

    mine = Household.objects.get(code=world.code)
    relations = dict.fromkeys(world.people, "99")
    merge_households(
        scope=standing.scope("cadre"), code=mine.code, version=mine.version, into=world.next.code, relations=relations,
        happening=Happening(timezone.localdate(), paper="户口簿"),
    )  # fmt: skip
    assert Household.objects.get(code=world.code).closed_on


@pytest.mark.parametrize("name", DOORS)
def test_a_form_of_the_day_is_taken_for_a_free_household(world, cast, name):
    """So whatever refuses it below is the state of the household."""
    opened(world)
    assert sent(world, cast, DOORS[name]) == 302


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("state", [lock, close])
def test_a_form_opened_before_and_sent_after_changes_nothing(world, cast, standing, state, name):
    door = DOORS[name]
    opened(world)
    state(world, standing)
    before = stored(world)
    answer = sent(world, cast, door)
    if getattr(door, "locked" if state is lock else "closed"):
        assert answer == 302
    else:
        assert answer in REFUSED and stored(world) == before
        assert not IdempotencyKey.objects.filter(key="key-of-the-page").exists(), "a refusal claims no key"
    assert verify_list(standing.round, standing.places.villages[HOME]) == []


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("state", [lock, close])
def test_a_form_with_the_newest_version_changes_nothing_either(world, cast, standing, state, name):
    """It is the state that refuses, not the version alone."""
    door = DOORS[name]
    state(world, standing)
    opened(world)
    before = stored(world)
    answer = sent(world, cast, door)
    if not getattr(door, "locked" if state is lock else "closed"):
        assert answer in REFUSED | {404} and stored(world) == before


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("login", ["cadre2", "cadre_other", "township_other", "county", "viewer", "sysadmin", "auditor"])
def test_nobody_else_sends_it(world, cast, name, login):
    opened(world)
    before = stored(world)
    assert sent(world, cast, DOORS[name], login) in HIDDEN and stored(world) == before


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door.versioned and name not in KEEP])
def test_an_overtaken_form_is_offered_again_and_changes_nothing(world, cast, name):
    """trust 1: what was typed is on the page, nothing is written."""
    opened(world)
    Household.objects.filter(code=world.code).update(version=world.home.version + 1)
    before = stored(world)
    assert sent(world, cast, DOORS[name]) == 412 and stored(world) == before


def test_a_request_that_was_asked_before_the_lock_is_not_answered_after_it(world, cast, standing):
    """The other village's yes would carry a sealed household away."""
    opened(world)
    wish, since = Wish(reason="moved", village_code=FAR), Happening(date.today())
    ask_transfer(scope=standing.scope("cadre"), code=world.code, version=world.home.version, wish=wish, happening=since)
    request = Transfer.objects.get()
    lock(world, standing)
    before = stored(world)
    client = Client(raise_request_exception=False)
    client.force_login(cast.cadre_other, backend="accounts.backends.LoginBackend")
    answer = client.post(f"/transfers/{request.uuid}/", {"version": str(request.version), "do": "agree", "group": f"{FAR}02"})
    assert answer.status_code in REFUSED | {400} and stored(world) == before and connection.is_usable()
