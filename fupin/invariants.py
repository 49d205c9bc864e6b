"""What must always be true of the stored data, checked from outside the actions that keep it so."""

from collections.abc import Callable, Iterator

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from accounts.models import Assignment
from assessment import procedure_files
from assessment.actions.evidence import damaged_evidence
from assessment.actions.photos import damaged_photos
from assessment.models import Case, CaseState, Round, Score, Sitting, Survey, SurveyStatus
from assessment.scoring import score
from assessment.verification import verify_list
from core import immutability
from core.models import AuditResult, AuditRow
from core.verification import audit_faults, feed_faults
from households.actions.papers import damaged_papers
from households.models import Household, Membership, Residence
from reports.actions import stale_villages
from reports.checks import check_levels
from reports.frozen import faults_of
from reports.models import Snapshot, TableDocument
from reports.selectors_documents import signature_faults
from villages.models import Village


def guards_in_place() -> Iterator[str]:
    for name in immutability.missing():
        yield f"数据库缺少防改触发器 {name}。"


def trail_is_whole() -> Iterator[str]:
    yield from audit_faults()
    yield from feed_faults()


def households_have_one_head() -> Iterator[str]:
    """Exactly one head, or 户主待定 with members and without a head; nobody lives in a closed household (ruling 1; trust 88)."""
    heads = Count("memberships", filter=Q(memberships__relation="01", memberships__until__isnull=True))
    households = Household.objects.annotate(heads=heads)
    for household in households.filter(closed_on__isnull=True, head_pending=False).exclude(heads=1):
        yield f"户 {household.code} 有 {household.heads} 个户主。"
    for household in households.filter(closed_on__isnull=True, head_pending=True).exclude(heads=0, persons__gt=0):
        yield f"户 {household.code} 记为户主待定，却有户主或没有成员。"
    for household in households.filter(Q(closed_on__isnull=False), Q(persons__gt=0) | Q(head_pending=True)):
        yield f"户 {household.code} 已销户，却还有成员或户主待定。"


def residences_agree() -> Iterator[str]:
    """A living household has one open residence, where its columns say; a closed one has none; nobody was a member before it began (trust 89)."""
    open_rows = Count("residences", filter=Q(residences__until__isnull=True))
    households = Household.objects.annotate(open_rows=open_rows)
    wrong = Q(closed_on__isnull=True) & ~Q(open_rows=1) | Q(closed_on__isnull=False) & ~Q(open_rows=0)
    for household in households.filter(wrong):
        yield f"户 {household.code} 的居住记录与是否销户不符。"
    same_group = Q(group=F("household__group")) | Q(group__isnull=True, household__group__isnull=True)
    strayed = Residence.objects.filter(until__isnull=True).exclude(Q(village=F("household__village")) & same_group)
    for row in strayed.select_related("household"):
        yield f"户 {row.household.code} 的居住记录与所在村组不符。"
    early = Membership.objects.annotate(begins=Min("household__residences__since")).filter(since__lt=F("begins"))
    for membership in early.select_related("household"):
        yield f"户 {membership.household.code} 有成员的入户日期早于本户。"


def head_counts_agree() -> Iterator[str]:
    """`Household.persons` is the number of its current members."""
    now = Count("memberships", filter=Q(memberships__until__isnull=True))
    for household in Household.objects.annotate(now=now).exclude(persons=F("now")):
        yield f"户 {household.code} 人口记 {household.persons}，在户成员 {household.now} 人。"


def places_agree() -> Iterator[str]:
    """Denormalised places of households, members and groups are those of the village (ruling 2)."""
    wrong = ~Q(township_id=F("village__township_id")) | ~Q(county_id=F("village__county_id"))
    for household in Household.objects.filter(wrong | (Q(group__isnull=False) & ~Q(group__village_id=F("village_id")))):
        yield f"户 {household.code} 的县、乡镇、村、组互不相符。"
    strayed = Membership.objects.current().exclude(village_id=F("household__village_id"))
    for membership in strayed.select_related("household"):
        yield f"户 {membership.household.code} 有成员记在别的村。"


def merged_villages_are_empty() -> Iterator[str]:
    """Nobody lives in a village that was merged away and nobody holds a post there; no village has gone into itself (trust 91)."""
    gone = Village.objects.filter(valid_to__isnull=False)
    for household in Household.objects.registered().filter(village__in=gone).select_related("village"):
        yield f"户 {household.code} 还在已撤并的{household.village.short_name}。"
    posts = Assignment.objects.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()), village__in=gone)
    for post in posts.select_related("user", "village"):
        yield f"账号 {post.user.login} 还任职于已撤并的{post.village.short_name}。"
    into = dict(Village.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    for village in Village.objects.filter(pk__in=into):
        seen, at = {village.pk}, into[village.pk]
        while at in into and at not in seen:
            seen.add(at)
            at = into[at]
        if at in into:
            yield f"村 {village.code} 的撤并成环，找不到现在的村。"


def scores_follow_answers() -> Iterator[str]:
    """Every current score is what the form scores under the rubric it names."""
    for round_ in Round.objects.select_related("rubric"):
        rubric = round_.rubric.value
        rows = Survey.objects.filter(round=round_, status=SurveyStatus.SUBMITTED).select_related("score", "household")
        for survey in rows.iterator(chunk_size=2000):
            if survey.score is None:
                yield f"户 {survey.household.code} 的评估表没有得分。"
            elif survey.score.rubric_digest == round_.rubric.digest:
                made = score(rubric, survey.answers)
                if (made.points, made.tier.code) != (survey.score.points, survey.score.tier):
                    yield f"户 {survey.household.code} 的得分与答案不符。"


def rubric_digests_match() -> Iterator[str]:
    known = set(Round.objects.values_list("rubric__digest", flat=True))
    for digest in Score.objects.exclude(rubric_digest__in=known).values_list("rubric_digest", flat=True).distinct():
        yield f"有得分用的评估表（校验码 {digest[:12]}）不在任何批次里。"


def levels_add_up() -> Iterator[str]:
    """Only of rounds whose tables are up to date: villages waiting for a roll-up are work, not a fault."""
    for round_ in Round.objects.select_related("county"):
        villages = list(Village.objects.filter(county=round_.county).values_list("pk", flat=True))
        if not stale_villages(round_, villages):
            yield from check_levels(round_)


def lists_are_as_locked() -> Iterator[str]:
    """Every village with a list in a round, or with a closed meeting on the trail though its list is gone (ruling 21)."""
    rounds = {round_.pk: round_ for round_ in Round.objects.select_related("rubric")}
    lists = set(Case.objects.order_by().values_list("round_id", "village_id").distinct())
    lists |= set(Sitting.objects.order_by().values_list("round_id", "village_id").distinct())
    closings = AuditRow.objects.filter(action="sitting.close", result=AuditResult.OK).order_by()
    villages = Village.objects.in_bulk({village for _, village in lists})
    met = set(closings.values_list("area_code", flat=True).distinct()) - {village.code for village in villages.values()}
    for code in sorted(met):
        yield f"村 {code} 开过的会议和名单已不在。"
    for round_id, village_id in sorted(lists):
        village = villages[village_id]
        for finding in verify_list(rounds[round_id], village):
            yield f"{rounds[round_id].code} {village.short_name} {finding.line}"


def frozen_tables_are_whole() -> Iterator[str]:
    """Every frozen table can be made again, byte for byte, and every signature on a document is over that table (ruling 23)."""
    for snapshot in Snapshot.objects.select_related("round", "county", "township", "village").iterator(chunk_size=20):
        for line in faults_of(snapshot):
            yield f"{snapshot.serial} {line}"
    for document in TableDocument.objects.select_related("snapshot").iterator(chunk_size=100):
        yield from signature_faults(document)


def standing_comes_from_a_list() -> Iterator[str]:
    """认定结果 is written by a concluded case only (ruling 26)."""
    concluded = Case.objects.filter(state=CaseState.CONCLUDED).values("household_id")
    for household in Household.objects.exclude(standing="").exclude(pk__in=concluded):
        yield f"户 {household.code} 有认定结果，却没有办结的名单。"


def procedures_are_as_pinned() -> Iterator[str]:
    """A running round keeps the procedure that it opened with (ruling 18)."""
    yield from procedure_files.faults()


def evidence_is_whole() -> Iterator[str]:
    """Every scan lies in its file as it was registered (trust 29)."""
    for uuid in damaged_evidence():
        yield f"佐证材料 {uuid} 的文件不在，或与登记的校验码不一致。"
    for uuid in damaged_photos():
        yield f"入户照片 {uuid} 的文件不在，或与登记的校验码不一致。"
    for uuid in damaged_papers():
        yield f"签字材料 {uuid} 的文件不在，或与登记的校验码不一致。"


CHECKS: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
    ("防改触发器", guards_in_place),
    ("审计与变更流水", trail_is_whole),
    ("一户一户主", households_have_one_head),
    ("人口数", head_counts_agree),
    ("居住记录", residences_agree),
    ("地点", places_agree),
    ("撤并村", merged_villages_are_empty),
    ("得分", scores_follow_answers),
    ("评估表校验码", rubric_digests_match),
    ("批次的程序", procedures_are_as_pinned),
    ("佐证材料", evidence_is_whole),
    ("名单锁定", lists_are_as_locked),
    ("认定结果", standing_comes_from_a_list),
    ("村表、乡镇表、县表相等", levels_add_up),
    ("定稿的报表", frozen_tables_are_whole),
)
