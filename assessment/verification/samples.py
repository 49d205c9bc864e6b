"""随机抽查 of a village's list, drawn again from what is stored, and against the trail (D6-09)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Prefetch

from assessment.models import Recheck, Sample, SampleLine, Sitting
from assessment.rechecks import DIFFERS, scored_again
from assessment.sampling import digest_of, draw
from assessment.verification.cases import LIST
from assessment.verification.findings import Finding
from core.models import AuditResult, AuditRow
from villages.models import Village


def sample_findings(names: Mapping[int, str], sittings: Sequence[Sitting], village: Village) -> Iterator[Finding]:
    """`names`: meeting → what it is called. Five queries, however many samples."""
    said = Prefetch("lines__rechecks", Recheck.objects.select_related("survey__score__rubric"))
    rows = Sample.objects.filter(sitting__in=sittings).prefetch_related("lines__case__household", said).order_by("pk")
    trail = _draws(sittings, village)
    for sample in rows:
        where = f"{names[sample.sitting_id]} 第{sample.number}次抽查"
        if digest_of(sample.frame) != sample.digest:
            yield Finding(where, "", "被抽的名单与校验码不符")
        lines = sorted(sample.lines.all(), key=lambda line: line.position)
        stored = tuple(line.case.household.code for line in lines)
        if stored != draw(dict(sample.frame), sample.seed, sample.size):
            yield Finding(where, "", "样本不是由种子抽出的")
        yield from _scored_again(where, lines)
        yield from _as_on_trail(where, sample, trail.pop(str(sample.uuid), None))
    for entry in trail.values():
        yield Finding(LIST, "", f"审计记录第 {entry.seq} 号的抽查已不在")


def _scored_again(where: str, lines: Iterable[SampleLine]) -> Iterator[Finding]:
    """The points of a re-visit follow from the form that it judged and the answers that it put right."""
    for line in lines:
        for row in line.rechecks.all():
            if row.points is None or row.survey is None or row.outcome != DIFFERS:
                continue
            again = scored_again(row.survey.score.rubric.value, row.survey.answers, row.changes)
            if (again.points, again.tier) != (row.points, row.tier):
                yield Finding(where, line.case.household.code, "复核得分与改正的答案不符")


def _draws(sittings: Sequence[Sitting], village: Village) -> dict[str, AuditRow]:
    """Sample uuid → what the trail says of its draw, for these meetings."""
    rows = AuditRow.objects.filter(action="sample.draw", object_kind="sample", result=AuditResult.OK, area_code=village.code)
    mine = {str(sitting.uuid) for sitting in sittings}
    return {row.object_code: row for row in rows if row.detail.get("sitting") in mine}


def _as_on_trail(where: str, sample: Sample, entry: AuditRow | None) -> Iterator[Finding]:
    if entry is None:
        yield Finding(where, "", "审计记录里没有这次抽查")
    elif (entry.detail.get("seed"), entry.detail.get("digest"), entry.detail.get("households")) != (sample.seed, sample.digest, sample.size):
        yield Finding(where, "", "种子、名单或户数与审计记录不符")
