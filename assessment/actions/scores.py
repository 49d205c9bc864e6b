"""重算得分: every submitted form of a round under a rubric; only what differs is written (ruling 5)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts import roles
from accounts.scopes import SYSTEM
from assessment.answers import AnswersError, decode
from assessment.locks import pinned
from assessment.models import Round, RubricStatus, RubricVersion, Score, ScoreRun, Survey, SurveyStatus
from assessment.scoring import Fast, fast_scorer
from core.actions import Act, Origin, acting, lock
from core.errors import BadInput, Denied
from core.scope import Scope
from villages import dirty

BATCH = 500
SHOWN_REASONS = 20


@dataclass(frozen=True)
class _Difference:
    """One form whose score under the rubric is not the one it has."""

    survey: Survey
    points: int
    look_points: str
    tier: str


def rescore(*, scope: Scope, round_code: str, rubric_code: str | None = None, origin: Origin | None = None) -> ScoreRun:
    """Score the round's submitted forms again. With `rubric_code` the round moves to that published rubric, so that old and new forms
    are never judged by two rubrics; forms it cannot score refuse the whole run. Forms of a household that a list has sealed or decided
    keep their row; `run.sealed` says how many."""
    with acting(scope, "survey.rescore", origin) as act:
        round_ = _round(scope, round_code)
        version = round_.rubric if rubric_code is None else _published(rubric_code)
        compared, differences, sealed = _compare(round_, version)
        run = ScoreRun.objects.create(
            round=round_,
            rubric=version,
            by_id=scope.actor_id,
            at=timezone.now(),
            compared=compared,
            changed=len(differences),
        )
        for start in range(0, len(differences), BATCH):
            _write(run, version, differences[start : start + BATCH])
        if version.pk != round_.rubric_id:
            round_.rubric = version
            round_.save(update_fields=["rubric"])
        run.sealed = sealed
        _leave_traces(act, run, round_, differences)
    return run


def _round(scope: Scope, code: str) -> Round:
    if scope is SYSTEM:  # the maintenance command without a person: it holds no area, and the trail names it
        return lock(Round.objects.select_related("rubric", "county"), code=code)
    round_ = lock(Round.objects.visible_to(scope).select_related("rubric", "county"), code=code)
    if not scope.may(roles.RESCORE, round_):
        raise Denied
    return round_


def _published(code: str) -> RubricVersion:
    version = RubricVersion.objects.filter(code=code, status=RubricStatus.PUBLISHED).first()
    if version is None:
        raise BadInput("没有这个已发布的评估表。", fields={"rubric_code": [f"没有已发布的评估表 {code}。"]})
    return version


def _compare(round_: Round, version: RubricVersion) -> tuple[int, list[_Difference], int]:
    """(compared, what differs, forms that a list has sealed or decided: left as they are)."""
    points_of = fast_scorer(version.value)
    compared, differences, unfit = 0, [], _unfit_drafts(round_, version)
    fixed, sealed = set(pinned(round_).values_list("household_id", flat=True)), 0
    for survey in _submitted(round_):
        if survey.household_id in fixed:
            sealed += 1
            continue
        compared += 1
        try:
            found = _difference(survey, version, points_of)
        except (KeyError, ValueError):
            unfit.append(f"{survey.household.code}：答案与评估表 {version.code} 不符")
            continue
        if found is not None:
            differences.append(found)
    if unfit:
        reasons = unfit[:SHOWN_REASONS] + (
            [f"另有 {len(unfit) - SHOWN_REASONS} 份"] if len(unfit) > SHOWN_REASONS else []
        )
        raise BadInput(f"有 {len(unfit)} 份评估表不能用这个版本计分，没有重算。", code="rubric_unfit", reasons=reasons)
    return compared, differences, sealed


def _unfit_drafts(round_: Round, version: RubricVersion) -> list[str]:
    """Drafts that could not be opened any more once the round has moved to another rubric."""
    if version.pk == round_.rubric_id:
        return []
    reasons = []
    drafts = Survey.objects.filter(round=round_, status=SurveyStatus.DRAFT).select_related("household")
    for draft in drafts.order_by("pk"):
        try:
            decode(version.value, draft.answers)
        except AnswersError:
            reasons.append(f"{draft.household.code}：草稿的答案与评估表 {version.code} 不符")
    return reasons


def _submitted(round_: Round) -> Iterator[Survey]:
    rows = Survey.objects.filter(round=round_, status=SurveyStatus.SUBMITTED).select_related("score", "household")
    return rows.order_by("pk").iterator(chunk_size=2000)


def _difference(survey: Survey, version: RubricVersion, points_of: Fast) -> _Difference | None:
    points, looks, tier = points_of(survey.answers)
    new = (version.digest, points, ",".join(map(str, looks)), tier.code)
    old = survey.score
    if old is not None and new == (old.rubric_digest, old.points, old.look_points, old.tier):
        return None
    return _Difference(survey, *new[1:])


def _write(run: ScoreRun, version: RubricVersion, part: list[_Difference]) -> None:
    rows = [
        Score(
            survey=item.survey, rubric=version, rubric_digest=version.digest, run=run, points=item.points,
            look_points=item.look_points, tier=item.tier, at=run.at,
        )
        for item in part
    ]  # fmt: skip
    Score.objects.bulk_create(rows)
    # One set-based update: bulk_update's CASE over every row costs three times as much (docs/bench.md).
    newest = Score.objects.filter(run=run, survey=OuterRef("pk")).values("pk")[:1]
    Survey.objects.filter(pk__in=[item.survey.pk for item in part]).update(score=Subquery(newest))


def _leave_traces(act: Act, run: ScoreRun, round_: Round, differences: list[_Difference]) -> None:
    act.audit(
        "round",
        round_.code,
        place=round_.county,
        run=run.pk,
        rubric=run.rubric.code,
        compared=run.compared,
        changed=run.changed,
        sealed=run.sealed,
    )
    for start in range(0, len(differences), BATCH):
        lines = [[item.survey.household.code, item.points, item.tier] for item in differences[start : start + BATCH]]
        act.audit("round", round_.code, place=round_.county, run=run.pk, to=lines)
    for item in differences:
        act.feed("survey", f"{item.survey.household.code}@{round_.code}", place=item.survey)
    dirty.mark(act, {item.survey.village_id for item in differences})
