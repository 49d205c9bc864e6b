"""A stage move of thousands of cases by the project's own steps, against the statements alone (ruling 25)."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import F
from django.utils import timezone

from assessment.actions.casework import Origin, Settled, actor_of, facts_of, move_of, settle
from assessment.meeting import decision_of
from assessment.models import Case, Sitting, Verdict
from assessment.procedures import procedure_of
from assessment.sealing import household_documents, leaf_of, proof_documents, verdict_document
from assessment.seals import FORMAT
from core.actions import Act, flush
from core.actions import Origin as From
from core.models import Change
from core.scope import Scope
from fupin.bench.measure import Measured, ratio
from fupin.bench.scratch import load
from fupin.bench.village import Hall, undone, village_with_list
from households.models import Household
from households.secrets import seal

CASES, STAGE, NEXT = 10_000, "zp", "cy"


def stage_move(size: int) -> Iterator[Measured]:
    """Ours: what each case needs to be decided, the engine, verdicts sealed one by one, cases, holds, feed, dirty marks, audit. The limit
    seals and encrypts the same documents, and writes them with two statements and one audit row."""
    count = min(size, CASES)
    with village_with_list(count) as hall:
        sitting, scope = hall.ready(STAGE, hall.village.groups.values_list("code", flat=True)[0]), hall.scope("cadre")
        found = ratio(lambda: _ours(sitting, scope), lambda: _limit(hall, sitting, scope))
        goal = "≤ 1.5" if connection.vendor == "postgresql" else "≤ 5"
        yield Measured("stage-move", f"{count:,} 户过一个环节，含签封、流水、审计 ÷ 只签封并用两条语句写入", found, goal)


def _cases(sitting: Sitting) -> list[Case]:
    rows = Case.objects.filter(round=sitting.round, village=sitting.village, stage=STAGE)
    cases = list(rows.select_related("household", "group", "survey__score", "score").order_by("household__code"))
    for case in cases:
        case.round, case.village = sitting.round, sitting.village
    return cases


def _ours(sitting: Sitting, scope: Scope) -> None:
    with undone():
        cases = _cases(sitting)
        procedure = procedure_of(sitting.round.procedure)
        stage, actor, facts = procedure.by_code[STAGE], actor_of(scope, sitting), facts_of(cases)
        act, settled = Act(scope, "bench", From()), []
        for case in cases:
            decision = decision_of(stage, case, None, 5)
            settled.append(Settled(case, decision, move_of(procedure, facts[case.pk], decision, actor, case.household.head_name)))
        settle(act, settled, Origin(timezone.now(), sitting=sitting, by=scope.actor_id))
        act.audit("sitting", str(sitting.uuid), place=sitting, count=len(settled))
        flush(act)


def _limit(hall: Hall, sitting: Sitting, scope: Scope) -> None:
    with undone():
        now, cases = timezone.now(), _cases(sitting)
        ids = [case.household_id for case in cases]
        documents, proofs, verdicts, changes = household_documents(ids), proof_documents(sitting.round, ids), [], []
        for position, case in enumerate(cases, 1):
            verdict = Verdict(
                case=case, sitting=sitting, stage=STAGE, pass_no=1, opinion="agree", category=case.survey.score.tier, votes_for=5,
                votes_against=0, survey=case.survey, score=case.survey.score, household_version=1, by_id=scope.actor_id, at=now,
                position=position, seal_format=FORMAT,
            )  # fmt: skip
            body, verdict.leaf = leaf_of(verdict_document(verdict, case, documents[case.household_id], proofs[case.household_id], ""))
            seal(verdict, "body", body)
            own = (verdict.uuid, case.pk, sitting.pk, STAGE, 1, "agree", verdict.category, 5, 0, case.survey_id, case.survey.score_id)
            verdicts.append((*own, 1, scope.actor_id, now, position, FORMAT, verdict.leaf, verdict.body_enc))
            changes.append((position, "case", f"{case.household.code}@{sitting.round.code}", now, case.county_id, case.township_id, case.village_id))
        load(Verdict, _VERDICT, verdicts)
        Case.objects.filter(pk__in=[case.pk for case in cases]).update(stage=NEXT, stage_since=now, version=F("version") + 1)
        with connection.cursor() as cursor:
            cursor.execute(_SCORES, [sitting.round_id])
        Household.objects.filter(pk__in=ids).update(hold=True)
        act = Act(scope, "bench", From())
        act.audit("sitting", str(sitting.uuid), place=sitting, count=len(cases))
        flush(act)
        last = Change.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        load(Change, _CHANGE, [(last + change[0], *change[1:]) for change in changes])


_VERDICT = (
    "uuid", "case", "sitting", "stage", "pass_no", "opinion", "category", "votes_for", "votes_against", "survey", "score",
    "household_version", "by", "at", "position", "seal_format", "leaf", "body_enc",
)  # fmt: skip
_CHANGE = ("seq", "kind", "code", "at", "county_id", "township_id", "village_id")
_SCORES = (
    f"UPDATE {Case._meta.db_table} SET score_id = (SELECT s.score_id FROM assessment_survey AS s "  # noqa: S608
    f"WHERE s.id = {Case._meta.db_table}.survey_id) WHERE round_id = %s"
)
