"""A list decided straight through the engine, sealed as the closing action seals it: ground for the tests of locks and files."""

import hashlib
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from assessment.actions.casework import Origin, Settled, actor_of, facts_of, move_of, settle
from assessment.models import Case, Notice, NoticeLine, NoticeSheet, Sitting
from assessment.procedures import procedure_of
from assessment.sealing import list_document, notice_document, posting_digest, public_document
from assessment.seals import canonical
from assessment.workflow import Actor, Decision, Step
from core import immutability
from core.actions import acting
from core.crypto import seal_mac
from core.periods import notice_end
from households.actions import update_household
from households.entries import FACTS, HouseholdEntry, MemberEntry
from households.models import Household
from households.secrets import seal
from tests.assessment.papers_given import give_papers

DECIDERS = {"zp": "cadre", "cy": "lead", "xh": "township", "xd": "county"}


@contextmanager
def guards_lifted():
    """Somebody with the database's own rights: no trigger stands in the way (ruling 12)."""
    immutability.lift()
    try:
        yield
    finally:
        immutability.install()


def tamper(statement: str, *values) -> int:
    """Raw SQL past the actions; the number of rows it changed."""
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


class Ground:
    """`meet(cases)` closes one meeting at the stage where the cases stand; `to(stage, cases)` closes every one before it."""

    def __init__(self, scope, cast):
        self.scope, self.cast = scope, cast

    def meet(self, cases, login: str = "", step: Step = Step.AGREE, **more) -> Sitting:
        cases = list(Case.objects.filter(pk__in=[case.pk for case in cases]).select_related("round", "household", "village", "group", "survey__score", "score").order_by("pk"))
        first, login = cases[0], login or DECIDERS[cases[0].stage]
        caller, procedure, now = self.scope(login), procedure_of(first.round.procedure), timezone.now()
        with acting(caller, "sitting.close") as act:
            sitting = self._opened(first, login, procedure, now)
            facts, actor = facts_of(cases), actor_of(caller, first)
            settled = [self._settled(case, procedure, facts[case.pk], actor, step, more) for case in cases]
            made = settle(act, settled, Origin(now, sitting=sitting, by=caller.actor_id))
            sitting.status, sitting.closed_at, sitting.closed_by = "closed", now, getattr(self.cast, login)
            sitting.counts = {"agree": 0, "return": 0, "reject": 0} | {str(made[0].opinion): len(made)}
            sitting.list_seal = seal_mac(canonical(list_document(sitting, "大家没有意见。", [row.leaf for row in made])))
            sitting.save()
            act.audit("sitting", str(sitting.uuid), place=sitting, round=first.round.code, stage=sitting.stage, list_seal=sitting.list_seal)
        return sitting

    def _opened(self, case, login, procedure, now) -> Sitting:
        per_group = procedure.by_code[case.stage].per_group
        number = Sitting.objects.filter(round=case.round, stage=case.stage, village=case.village).count() + 1
        sitting = Sitting(
            round=case.round, stage=case.stage, county=case.county, township=case.township, village=case.village,
            group=case.group if per_group else None, opened_at=now, opened_by=getattr(self.cast, login), number=number,
            held_on=date(2016, 7, 20), held_at="村委会会议室", chair="李主持", expected=5, present=5, panel_name="评议小组",
            panel=[{"name": "王代表", "post": "村民代表", "present": True}],
        )  # fmt: skip
        seal(sitting, "minutes", "大家没有意见。")
        sitting.save()
        return sitting

    def _settled(self, case, procedure, facts, actor, step, more) -> Settled:
        tier = case.survey.score.tier
        values = {"category": tier, "default_category": tier, "votes_for": 5, "votes_against": 0, "present": 5, "note": "按会议意见"}
        decision = Decision(step, **(values | more))
        return Settled(case, decision, move_of(procedure, facts, decision, actor, case.household.head_name))

    def to(self, stage: str, cases) -> None:
        """As far as the stage, every household agreed to."""
        give_papers(cases)
        for code in DECIDERS:
            if code == stage:
                return
            groups = {}
            for case in Case.objects.filter(pk__in=[case.pk for case in cases], stage=code).order_by("pk"):
                groups.setdefault(case.group_id if code == "zp" else 0, []).append(case)
            for part in groups.values():
                self.meet(part)

    def notice(self, cases, posted_at=None) -> Notice:
        """A notice of one sheet, posted `posted_at` (default: ten days ago, so that its days have run out)."""
        cases = list(Case.objects.filter(pk__in=[case.pk for case in cases]).select_related("round", "household", "village").order_by("pk"))
        first, posted = cases[0], posted_at or timezone.now() - timedelta(days=10)
        with acting(self.scope("township"), "notice.start") as act:
            made = Notice(
                round=first.round, stage="gs", county=first.county, township=first.township, village=first.village, days=7,
                title="公示名单", hotline="0718-0000000", office="大河镇扶贫办", office_place="镇政府", signed_by="大河镇人民政府",
                started_by=self.cast.township, started_at=posted,
            )  # fmt: skip
            made.save()
            sheet = NoticeSheet.objects.create(notice=made, group=first.group, group_name="1组")
            lines = [NoticeLine.objects.create(notice=made, sheet=sheet, case=case, household=case.household, pass_no=case.pass_no, position=number, head_name=case.household.head_name, masked_name="张*", persons=case.household.persons, category=case.category, result="低保贫困户") for number, case in enumerate(cases, start=1)]
            made.seal = seal_mac(canonical(notice_document(made, [sheet], lines)))
            made.check_code = hashlib.sha256(canonical(public_document(made, [sheet], lines))).hexdigest()
            sheet.posted_at, sheet.posted_place, sheet.posted_name = posted, "村务公开栏", "李张贴"
            sheet.save()
            made.opened_at, made.ends_at, made.status = posted, notice_end(posted, 7), "open"
            made.save()
            act.audit("notice", str(made.uuid), place=made, round=first.round.code, digest=made.check_code)
        with acting(self.scope("cadre"), "notice.post") as act:
            act.audit("notice", str(made.uuid), place=made, sheet=sheet.group_name, posted_at=posted, digest=posting_digest(sheet))
        return made

    def conclude(self, notice: Notice) -> None:
        """What the clock does when the notice has run out."""
        cases = list(Case.objects.filter(notice_lines__notice=notice).select_related("round", "household", "village", "group", "survey__score", "score").order_by("pk"))
        now, procedure = timezone.now(), procedure_of("qxn")
        give_papers(cases)
        with acting(self.scope("county"), "notice.conclude") as act:
            facts = facts_of(cases)
            settled = [
                Settled(case, decision := Decision(Step.RUN_OUT, category=case.category), move_of(procedure, facts[case.pk], decision, Actor(None), ""))
                for case in cases
            ]
            settle(act, settled, Origin(now, notice=notice))
            Notice.objects.filter(pk=notice.pk).update(status="ended", ended_at=now)
            act.audit("notice", str(notice.uuid), place=notice)


def entry_of(household: Household, **facts) -> HouseholdEntry:
    """The household as its form would send it back, with `facts` changed."""
    members = [
        MemberEntry(name=row.person.name, relation=row.relation, uuid=str(row.uuid), birth=row.person.birth, sex=row.person.sex)
        for row in household.memberships.current().select_related("person").order_by("relation", "pk")
    ]
    values = {name: getattr(household, name) for name in FACTS} | facts
    return HouseholdEntry(household.group.code if household.group_id else "", values, tuple(members))


def edit(caller, code: str, **facts) -> Household:
    """A cadre saves the household through the action."""
    household = Household.objects.get(code=code)
    changes = facts or {"structure": "brick"}
    return update_household(scope=caller, code=code, version=household.version, entry=entry_of(household, **changes))
