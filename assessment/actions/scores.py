"""重算得分: every submitted form of a round under a rubric; only what differs is written (ruling 5)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils import timezone

from accounts import roles
from accounts.scopes import SYSTEM
from assessment.answers import AnswersError, decode
from assessment.locks import pinned
from assessment.models import Round, RubricStatus, RubricVersion, Score, ScoreRun, Survey, SurveyStatus
from assessment.scoring import Fast, fast_scorer
from core import bulk
from core.actions import Act, Origin, acting, lock
from core.errors import BadInput, Denied
from core.scope import Scope
from households.models import Household
from villages import dirty

BATCH = 500
SHOWN_REASONS = 20


class _Form(NamedTuple):
    """What a rescore reads of a form: plain values, an object a form costs more than its score."""

    pk: int
    household_id: int
    answers: str
    county_id: int
    township_id: int
    village_id: int
    score__rubric_digest: str | None
    score__points: int | None
    score__look_points: str | None
    score__tier: str | None


class _Difference(NamedTuple):
    """One form whose score under the rubric is not the one it has."""

    form: _Form
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
        _write(run, version, differences)
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
    for form in _submitted(round_):
        if form.household_id in fixed:
            sealed += 1
            continue
        compared += 1
        try:
            found = _difference(form, version.digest, points_of)
        except (KeyError, ValueError):
            code = Household.objects.values_list("code", flat=True).get(pk=form.household_id)
            unfit.append(f"{code}：答案与评估表 {version.code} 不符")
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


def _submitted(round_: Round) -> Iterator[_Form]:
    rows = Survey.objects.filter(round=round_, status=SurveyStatus.SUBMITTED).order_by("pk")
    return map(_Form._make, rows.values_list(*_Form._fields).iterator(chunk_size=2000))


def _difference(form: _Form, digest: str, points_of: Fast) -> _Difference | None:
    points, looks, tier = points_of(form.answers)
    look_points = ",".join(map(str, looks))
    if (digest, points, look_points, tier.code) == form[-4:]:
        return None
    return _Difference(form, points, look_points, tier.code)


_WRITTEN = ("id", "survey", "points", "look_points", "tier", "rubric", "rubric_digest", "run", "at")


def _write(run: ScoreRun, version: RubricVersion, differences: Sequence[_Difference]) -> None:
    """New rows and the pointers to them, set by set; what did not differ is not touched."""
    keys = bulk.ids(Score, len(differences))
    alike = (version.pk, version.digest, run.pk, run.at)
    rows = ((key, form.pk, *figures, *alike) for key, (form, *figures) in zip(keys, differences, strict=True))
    bulk.load(Score, _WRITTEN, rows)
    bulk.change(Survey, ("score",), [(item.form.pk, key) for key, item in zip(keys, differences, strict=True)])


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
        part = differences[start : start + BATCH]
        codes = dict(Household.objects.filter(pk__in=[item.form.household_id for item in part]).values_list("pk", "code"))
        lines = [[codes[item.form.household_id], item.points, item.tier] for item in part]
        act.audit("round", round_.code, place=round_.county, run=run.pk, to=lines)
        for item in part:
            act.feed("survey", f"{codes[item.form.household_id]}@{round_.code}", place=item.form)
    dirty.mark(act, {item.form.village_id for item in differences})
