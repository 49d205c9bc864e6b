"""Publishing a rubric: checked with reasons, run over the golden households, immutable afterwards (brief 1, ruling 4)."""

from pathlib import Path

import yaml
from django.utils import timezone

from accounts.scopes import SYSTEM
from assessment.archetypes import Outcome, run_archetypes
from assessment.models import RubricStatus, RubricVersion
from assessment.rubric import (
    DEFAULT_PATH,
    Rubric,
    RubricError,
    canonical_json,
    load_default,
    parse_rubric,
    validate_rubric,
)
from core.actions import Origin, acting
from core.errors import BadInput, WrongState


def publish_rubric(*, path: str | Path = DEFAULT_PATH, origin: Origin | None = None) -> RubricVersion:
    """The published version of the YAML at `path`. The same content twice is one version; another content needs another code."""
    rubric = _read(Path(path))
    reasons = validate_rubric(rubric)
    if reasons:
        raise BadInput("这份评分表不能发布。", code="rubric_refused", fields={"rubric": reasons}, reasons=reasons)
    outcomes = run_archetypes(rubric)
    _refuse_moved_default(rubric, outcomes)
    with acting(SYSTEM, "rubric.publish", origin) as act:
        known = RubricVersion.objects.filter(digest=rubric.digest).exclude(status=RubricStatus.DRAFT).first()
        if known is not None:
            return known
        if RubricVersion.objects.filter(code=rubric.code).exists():
            raise WrongState(
                f"版本号 {rubric.code} 已用于另一份评分表，内容改动须用新的版本号。", code="rubric_code_taken"
            )
        version = RubricVersion.objects.create(
            code=rubric.code, name=rubric.name, document=canonical_json(rubric), digest=rubric.digest,
            status=RubricStatus.PUBLISHED, published_at=timezone.now(),
        )  # fmt: skip
        act.audit("rubric", version.code, digest=version.digest, archetypes=[_line(outcome) for outcome in outcomes])
    return version


def _read(path: Path) -> Rubric:
    try:
        return parse_rubric(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"读不到评分表文件 {path.name}。", code="rubric_unreadable") from error
    except (yaml.YAMLError, RubricError, AttributeError) as error:
        reason = str(error) if isinstance(error, RubricError) else "文件不是评分表的 YAML 格式"
        raise BadInput("这份评分表不能发布。", code="rubric_refused", reasons=[reason]) from error


def _refuse_moved_default(rubric: Rubric, outcomes: tuple[Outcome, ...]) -> None:
    """The golden cases are agreed for the default rubric: under its code they must come out as agreed."""
    if rubric.code != load_default().code:
        return
    reasons = [
        f"样例“{outcome.archetype.name}”应为 {outcome.archetype.points} 分，现为 {outcome.points} 分"
        for outcome in outcomes
        if not outcome.as_expected
    ]
    if reasons:
        raise BadInput("样例户的得分与约定不符。", code="rubric_refused", fields={"rubric": reasons}, reasons=reasons)


def _line(outcome: Outcome) -> list[object]:
    return [outcome.archetype.name, outcome.points, outcome.tier]
