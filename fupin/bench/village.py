"""A made-up village with its whole list, walked through the stages by the project's own actions; rolled back afterwards. No person is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Assignment, User
from accounts.scopes import scope_of
from assessment.actions.notices import NoticeText, post_sheet, start_notice
from assessment.actions.sitting_steps import waiting
from assessment.actions.sittings import SittingHead, close_sitting, open_sitting, save_head
from assessment.form_state import seal_remarks
from assessment.models import Case, Notice, Sitting, Survey
from core import bulk
from core.scope import Scope
from fupin.bench.scratch import ROUND, Scratch, scratch
from households.models import Household, Membership, Person
from households.secrets import seal
from villages.models import Village

CAST = {"cadre": "village", "village_lead": "village", "township": "township", "county": "county"}
WHO = {"zp": "cadre", "cy": "village_lead", "xh": "township", "xd": "county"}
MEMBERS = 4
TEXT = NoticeText("基准公〔2016〕1号", "12317", "基准乡扶贫办", "基准乡人民政府", "基准乡人民政府")
CHECKS = {"omitted": False, "policy": True, "clan": False, "favour": False}


@dataclass(frozen=True)
class Hall:
    """The village, its people in office and its meetings."""

    made: Scratch
    village: Village
    users: dict[str, User]

    def scope(self, role: str) -> Scope:
        return scope_of(self.users[role])

    def ready(self, stage: str, group_code: str = "") -> Sitting:
        """A meeting with a head that is complete, ready to close."""
        scope = self.scope(WHO[stage])
        sitting = open_sitting(
            scope=scope, round_code=ROUND, stage=stage, village_code=self.village.code, group_code=group_code
        )
        panel = [{"name": f"代表{n}", "post": "", "present": True} for n in range(5)] if stage != "xd" else []
        head = SittingHead(
            held_on=timezone.localdate(), held_at="会议室", chair="主持人", recorder="记录人", panel=panel, minutes="逐户评议。",
            checks=CHECKS if stage == "xh" else {}, document_no="基扶〔2016〕1号" if stage == "xd" else "",
        )  # fmt: skip
        return save_head(scope=scope, sitting=str(sitting.uuid), version=sitting.version, head=head)

    def decide(self, stage: str, group_code: str = "") -> None:
        sitting = self.ready(stage, group_code)
        close_sitting(
            scope=self.scope(WHO[stage]), sitting=str(sitting.uuid), version=sitting.version, rest_agree=True,
            count=waiting(sitting).count(),
        )  # fmt: skip

    def to_township(self) -> None:
        for code in self.village.groups.values_list("code", flat=True):
            self.decide("zp", code)
        self.decide("cy")

    def posted(self) -> Notice:
        notice = start_notice(
            scope=self.scope("township"), round_code=ROUND, stage="gs", village_code=self.village.code, text=TEXT
        )
        for sheet in notice.sheets.all():
            post_sheet(
                scope=self.scope("cadre"), notice=str(notice.uuid), sheet=str(sheet.uuid), posted_at=timezone.now(),
                posted_place="村委会公示栏", posted_name="张贴人",
            )  # fmt: skip
        notice.refresh_from_db()
        return notice


@contextmanager
def village_with_list(households: int) -> Iterator[Hall]:
    """`households` of one village, each of four persons with sealed numbers, a form with remarks, and a case at the first stage."""
    with scratch(1, households) as made, undone():
        village = Village.objects.get(county=made.county)
        _people(Household.objects.filter(county=made.county))
        now, cases = timezone.now(), []
        forms = list(Survey.objects.filter(round=made.round).select_related("household"))
        for form in forms:
            seal_remarks(form, {"F": "儿子常年在外务工，家中只有老人。"}, {})
            place = {name: getattr(form, name) for name in ("county_id", "township_id", "village_id", "group_id")}
            cases.append(
                Case(
                    round=made.round,
                    household=form.household,
                    survey=form,
                    stage="zp",
                    opened_at=now,
                    stage_since=now,
                    **place,
                )
            )
        bulk.update(Survey, forms, ("remarks_enc",))
        bulk.insert(Case, cases)
        yield Hall(made, village, _users(made, village))


@contextmanager
def undone() -> Iterator[None]:
    """Everything in it is taken back. Marked as a test's block, so that the durable transactions of the actions may run inside it."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _people(rows) -> None:
    households, persons, members = list(rows), [], []
    for household in households:
        household.head_name, household.persons = f"张{household.code[-4:]}", MEMBERS
        for n in range(MEMBERS):
            person = Person(county_id=household.county_id, name=f"张{n}", birth=date(1960 + n, 1, 1), sex="M")
            seal(person, "id", f"99000019600101{household.pk % 10000:04d}")
            persons.append(person)
            members.append(
                Membership(
                    person=person,
                    household=household,
                    county_id=household.county_id,
                    township_id=household.township_id,
                    village_id=household.village_id,
                    since=date(2016, 1, 1),
                    relation="01" if n == 0 else "04",
                    health="01",
                )  # fmt: skip
            )
        seal(household, "phone", "13800000000")
    bulk.insert(Person, persons)
    bulk.insert(Membership, members)
    bulk.update(Household, households, ("head_name", "persons", "phone_enc"))


def _users(made: Scratch, village: Village) -> dict[str, User]:
    areas = {
        "village": {"village": village},
        "township": {"township": village.township},
        "county": {"county": made.county},
    }
    users = {}
    for role, level in CAST.items():
        users[role] = User(login=f"bench-{role}", name=f"基准{role}", must_change_password=False)
        users[role].set_unusable_password()
        users[role].save()
        Assignment.objects.create(user=users[role], role=role, since=date(2016, 1, 1), **areas[level])
    return users
