"""Re-score of a county from the one Python rubric, against the rubric written out in SQL: all forms differ, and one in a hundred."""

from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.utils import timezone

from assessment.actions import scores
from assessment.models import RubricVersion, Score, ScoreRun, Survey
from assessment.rubric import Rubric, canonical_json
from fupin.bench.measure import Measured, ratio
from fupin.bench.scratch import ROUND, Scratch, county_of, scratch


def rescore(size: int) -> Iterator[Measured]:
    """`assessment.actions.scores` without audit and feed, which the limit has not either."""
    with scratch(*county_of(size)) as made:
        other = _other_version(made.rubric)
        full, limit = _undone(lambda: _rescored(made, other)), _undone(lambda: _by_sql(made, other))
        assert full() == limit() == size
        yield Measured("rescore", f"全部 {size:,} 张表重算 ÷ 把评估表写成 SQL", ratio(full, limit), "≤ 1.6")
        _spoil(made, size // 100)
        assert _undone(lambda: _rescored(made, made.round.rubric))() == size // 100
        part = ratio(_undone(lambda: _rescored(made, made.round.rubric)), full)
        yield Measured("rescore", "其中 1 % 有变 ÷ 全部有变", part, "≤ 0.5")


def _undone(work: Callable[[], int]) -> Callable[[], int]:
    """The work, taken back: each run finds the same rows."""

    def run() -> int:
        with transaction.atomic():
            done = work()
            transaction.set_rollback(True)
        return done

    return run


def _rescored(made: Scratch, version: RubricVersion) -> int:
    compared, differences, _ = scores._compare(made.round, version)
    run = ScoreRun.objects.create(round=made.round, rubric=version, at=timezone.now(), compared=compared, changed=len(differences))
    scores._write(run, version, differences)
    return len(differences)


def _by_sql(made: Scratch, version: RubricVersion) -> int:
    """Insert all scores with one statement, point the forms to them with another."""
    looks, place, values = [], 0, []
    for look in version.value.looks:
        parts = []
        for item in look.indicators:
            place += 1
            cases = " ".join(f"WHEN '{option.ordinal}' THEN {option.points}" for option in item.options)
            parts.append(f"CASE SUBSTR(answers, {place}, 1) {cases} END")
        looks.append(f"({' + '.join(parts)})")
    numbers = [f"l{number}" for number in range(len(looks))]
    inner = ", ".join(f"{look} AS {name}" for look, name in zip(looks, numbers, strict=True))
    tiers = " ".join(f"WHEN {' + '.join(numbers)} <= {tier.max} THEN '{tier.code}'" for tier in version.value.tiers)
    values = [version.pk, version.digest, timezone.now(), made.round.pk]
    insert = (
        f"INSERT INTO {Score._meta.db_table} (survey_id, rubric_id, rubric_digest, points, look_points, tier, at) "  # noqa: S608
        f"SELECT id, %s, %s, {' + '.join(numbers)}, {' || chr(44) || '.join(f'{n}' for n in numbers)}, CASE {tiers} END, %s "
        f"FROM (SELECT id, {inner} FROM {Survey._meta.db_table} WHERE round_id = %s AND status = 'submitted') AS f"
    )
    survey = Survey._meta.db_table
    update = (
        f"UPDATE {survey} SET score_id = p.id FROM {Score._meta.db_table} AS p "  # noqa: S608
        f"WHERE p.survey_id = {survey}.id AND p.rubric_id = %s AND {survey}.round_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(insert.replace("chr(44)", "','"), values)
        cursor.execute(update, [version.pk, made.round.pk])
        return cursor.rowcount


def _other_version(rubric: Rubric) -> RubricVersion:
    """The same points under another name: another digest, so that every form differs."""
    document = canonical_json(rubric).replace(rubric.code, f"{ROUND}-2")
    version = RubricVersion(code=f"{ROUND}-2", name="另一版", document=document)
    version.digest = version.value.digest
    version.save()
    return version


def _spoil(made: Scratch, count: int) -> None:
    """Scores that are not what the forms score: rows are only ever added, so wrong ones are added and pointed to."""
    chosen = list(Survey.objects.filter(round=made.round).order_by("pk")[:count])
    rows = [
        Score(
            survey=row, rubric=made.round.rubric, rubric_digest=made.rubric.digest, points=0, look_points="", tier="DOUDI",
            at=timezone.now(),
        )
        for row in chosen
    ]  # fmt: skip
    for row in Score.objects.bulk_create(rows):
        Survey.objects.filter(pk=row.survey_id).update(score=row)
