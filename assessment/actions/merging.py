"""撤并村 in the middle of a round: a village goes over into another one of its township, and back again (trust 91; rulings 2, 3, 24).

Living rows and rights move in one transaction; cases, meetings, notices and objections keep the place they were begun in and are finished by
whoever holds the new village (`accounts.scopes` gives a village with those merged into it). Groups go with their rows, so that codes, seals,
panels and registered population stay what they were. Locks: villages by pk → households by pk → dirty → head.
"""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts import roles
from accounts.models import ApiToken, Assignment
from assessment.actions.locking import lock_households
from assessment.masking import has_number, scan
from assessment.models import Panel, Survey, SurveyStatus
from assessment.selectors_merging import (
    Plan,
    homes_that_stay,
    homes_to_return,
    plan_of,
    posts_of,
    tokens_of,
    transfers_of,
    why_not_undone,
)
from core.actions import Act, Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import FormDraft
from core.scope import Scope
from households.actions.doubt_store import settle_villages
from households.actions.quality_run import request_villages
from households.actions.relocating import Relocation, relocate
from households.models import Household
from villages import dirty
from villages.models import RegisteredPopulation, Village, VillageMerge, VillagerGroup

SHORTEST_REASON, LONGEST_REASON, LONGEST_NUMBER = 4, 200, 64
MERGED, RESTORED = "village_merged", "village_restored"
NEW_HOUSEHOLD = "household.new"
JUST_REGISTERED = "刚刚又有户登记到{name}，没有办理。请重新核对后再办。"


def merge_villages(
    *, scope: Scope, source: str, target: str, digest: str, effective_on: date, reason: str, document_no: str, key: str = "",
    origin: Origin | None = None,
) -> VillageMerge:  # fmt: skip
    """The village with code `source` goes over into `target`. `digest` is that of the plan that was read (`selectors_merging.plan_of`).

    Raises NotFound, Denied, WrongState (`reasons`: what stands in the way), StaleVersion (something has changed since), Replayed,
    BadInput (effective_on reason document_no).
    """
    with acting(scope, "village.merge", origin) as act:
        old, new = _locked(scope, source, target)
        remember = once(scope, "village.merge", key, [source, target, effective_on, reason, document_no])
        _check_words(old, new, effective_on, reason, document_no)
        homes = _lock_homes(Household.objects.filter(village=old))
        plan = plan_of(old, new)
        if plan.obstacles:
            raise WrongState(f"{old.short_name}现在不能并入{new.short_name}。", code="merge_in_the_way", reasons=plan.obstacles)
        if plan.digest != digest:
            raise StaleVersion("在您核对之后，这两个村又有变动。请看过新的数字，再办一次。")
        move = Relocation(new, effective_on, MERGED, document_no.strip())
        merge = VillageMerge(
            county_id=old.county_id, township_id=old.township_id, source=old, target=new, effective_on=effective_on, reason=reason.strip(),
            document_no=document_no.strip(), counts=dict(plan.counts), by_id=scope.actor_id, at=timezone.now(),
        )  # fmt: skip
        merge.moved = {"households": homes, "groups": _take_groups(plan), **_take_rights(act, old, new)}
        relocate(act, homes, move)
        _take_drafts(homes, new)
        _take_typed(old, new)
        transfers_of(old).filter(other_village=old).update(other_village=new)
        settle_villages([old], [], merge.at)
        old.valid_to, old.merged_into = effective_on, new
        old.save(update_fields=["valid_to", "merged_into"])
        merge.save()
        _finish(act, merge, old, homes)
        remember(str(merge.uuid))
    return merge


def undo_merge(*, scope: Scope, uuid: str, reason: str, key: str = "", origin: Origin | None = None) -> VillageMerge:
    """The merged village exists again with what still sits where the merge put it; what went on or came since stays and is named (`stayed`).

    Raises NotFound, Denied, WrongState (`reasons`), Replayed, BadInput (reason).
    """
    with acting(scope, "village.unmerge", origin) as act:
        seen = VillageMerge.objects.visible_to(scope).select_related("source", "target").filter(uuid=uuid).first()
        if seen is None:
            raise NotFound
        old, new = _locked(scope, seen.source.code, seen.target.code)
        remember = once(scope, "village.unmerge", key, [uuid, reason])
        merge = lock(VillageMerge.objects.visible_to(scope), pk=seen.pk)
        merge.source, merge.target = old, new
        _check_reason(reason, {})
        homes = _lock_homes(Household.objects.filter(village=new))
        if reasons := why_not_undone(merge):
            raise WrongState("这次撤并现在不能撤销。", code="undo_in_the_way", reasons=reasons)
        stay, back = homes_that_stay(merge), sorted(homes_to_return(merge).values_list("pk", flat=True))
        groups = [pk for pk, *_ in merge.moved["groups"]]
        today = timezone.localdate()
        left = Household.objects.filter(pk__in=homes, group__in=groups).exclude(pk__in=back)
        relocate(act, list(left.values_list("pk", flat=True)), Relocation(new, today, "", merge.document_no, ungroup=True))
        relocate(act, back, Relocation(old, today, RESTORED, merge.document_no))
        _take_drafts(back, old)
        _return_groups(merge)
        _return_rights(act, merge)
        old.valid_to, old.merged_into = None, None
        old.save(update_fields=["valid_to", "merged_into"])
        merge.undone_by_id, merge.undone_at, merge.undone_reason, merge.stayed = scope.actor_id, timezone.now(), reason.strip(), stay
        merge.save(update_fields=["undone_by", "undone_at", "undone_reason", "stayed"])
        _finish(act, merge, None, back)
        remember(str(merge.uuid))
    return merge


def _locked(scope: Scope, *codes: str) -> tuple[Village, Village]:
    """Both villages by pk, in the caller's area; the right is asked in each."""
    rows = Village.objects.visible_to(scope).filter(code__in=codes).order_by("pk").select_for_update(of=("self",), no_key=True)
    found = {row.code: row for row in rows}
    if any(code not in found for code in codes):
        raise NotFound
    if not all(scope.may(roles.COUNTY_SETTINGS, row) for row in found.values()):
        raise Denied("撤并村由县扶贫办办理。")
    return found[codes[0]], found[codes[1]]


def _lock_homes(rows) -> list[int]:
    ids = sorted(rows.values_list("pk", flat=True))
    lock_households(ids)
    return sorted(rows.values_list("pk", flat=True))  # read again: one that moved away while this waited is not here any more


def _check_words(old: Village, new: Village, on: date, reason: str, document_no: str) -> None:
    faults: dict[str, list[str]] = {}
    begun = max((day for day in (old.valid_from, new.valid_from) if day), default=None)
    if on > timezone.localdate():
        faults["effective_on"] = ["生效日期不能晚于今天；到了那一天再办。"]
    elif begun and on < begun:
        faults["effective_on"] = [f"生效日期不能早于两个村启用的日期 {begun:%Y-%m-%d}。"]
    if not 0 < len(document_no.strip()) <= LONGEST_NUMBER:
        faults["document_no"] = [f"请填批准撤并的文号，最多 {LONGEST_NUMBER} 字。"]
    elif has_number(document_no):
        faults["document_no"] = ["文号里不写证件号码、银行卡号和电话。"]
    _check_reason(reason, faults)


def _check_reason(reason: str, faults: dict[str, list[str]]) -> None:
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        faults["reason"] = [f"请写明事由，{SHORTEST_REASON} 至 {LONGEST_REASON} 字。"]
    elif scan(reason):
        faults["reason"] = ["事由不写证件号码、电话和病情。"]
    if faults:
        raise BadInput("没有办理。", fields=faults)


def _take_groups(plan: Plan) -> list[list[Any]]:
    """[[pk, number and name in the old village, name in the new one], …]; the code is a label and stays. The registered population of every
    year goes with its group, so that each rate keeps its denominator (ruling 22)."""
    rows = VillagerGroup.objects.in_bulk([one.pk for one in plan.groups])
    for one in plan.groups:
        group = rows[one.pk]
        group.village, group.number, group.name = plan.target, one.new_number, one.new_name
    VillagerGroup.objects.bulk_update(rows.values(), ["village", "number", "name"])
    RegisteredPopulation.objects.filter(group__in=rows).update(village=plan.target)
    Panel.objects.filter(group__in=rows).update(village=plan.target)
    return [[one.pk, one.number, one.name, one.new_name] for one in plan.groups]


def _take_rights(act: Act, old: Village, new: Village) -> dict[str, list[int]]:
    """Who worked in the old village works in the new one; each post has its row on the trail (trust A3: nobody gets another role)."""
    posts, tokens = posts_of(old), tokens_of(old)
    made = {"posts": sorted(posts.values_list("pk", flat=True)), "tokens": sorted(tokens.values_list("pk", flat=True))}
    _move_rights(act, Assignment.objects.filter(pk__in=made["posts"]), ApiToken.objects.filter(pk__in=made["tokens"]), new)
    return made


def _move_rights(act: Act, posts, tokens, village: Village) -> None:
    for login, role in posts.order_by("pk").values_list("user__login", "role"):
        act.audit("assignment", login, place=village, role=role, area=village.code)
    for prefix in tokens.order_by("pk").values_list("prefix", flat=True):
        act.audit("token", prefix, place=village, area=village.code)
    posts.update(village=village)
    tokens.update(village=village)


def _take_drafts(homes: list[int], village: Village) -> None:
    drafts = Survey.objects.filter(status=SurveyStatus.DRAFT)
    for start in range(0, len(homes), 500):
        drafts.filter(household__in=homes[start : start + 500]).update(village=village)


def _take_typed(old: Village, new: Village) -> None:
    """A form for a new household that somebody has begun and not saved is found on the new village's page, unless one of that is begun too."""
    rows = FormDraft.objects.filter(kind=NEW_HOUSEHOLD)
    begun = rows.filter(subject=f"new/{new.code}").values("user")
    rows.filter(subject=f"new/{old.code}").exclude(user__in=begun).update(subject=f"new/{new.code}")


def _return_groups(merge: VillageMerge) -> None:
    """As they were called and numbered, unless somebody has renamed one since; years entered since go along."""
    named = {pk: (number, name, new_name) for pk, number, name, new_name in merge.moved["groups"]}
    rows = VillagerGroup.objects.in_bulk(list(named))
    for pk, group in rows.items():
        number, name, new_name = named[pk]
        group.village, group.number, group.name = merge.source, number, name if group.name == new_name else group.name
    VillagerGroup.objects.bulk_update(rows.values(), ["village", "number", "name"])
    RegisteredPopulation.objects.filter(group__in=rows).update(village=merge.source)
    Panel.objects.filter(group__in=rows).update(village=merge.source)


def _return_rights(act: Act, merge: VillageMerge) -> None:
    """Posts and tokens that came along and are still there; what was granted since stays in the other village."""
    posts = Assignment.objects.filter(pk__in=merge.moved["posts"], village=merge.target)
    _move_rights(act, posts, ApiToken.objects.filter(pk__in=merge.moved["tokens"], village=merge.target), merge.source)


def _finish(act: Act, merge: VillageMerge, gone: Village | None, homes: list[int]) -> None:
    """Tables, doubts, feed and trail. Under the head row nobody may have come into the village that is gone: a household registered at this
    moment is either seen here, or its own action sees the village closed."""
    if gone is not None:
        act.recheck(lambda: _require_empty(gone))
    dirty.mark_county(act, merge.county_id)
    for village in (merge.source, merge.target):
        act.feed("division", village.code, place=village)
    act.audit(
        "village", merge.source.code, place=merge.target, into=merge.target.code, households=len(homes), document=merge.document_no,
        effective=merge.effective_on.isoformat(), merge=str(merge.uuid), stayed=len(merge.stayed),
    )  # fmt: skip
    request_villages(merge.source.county, [merge.source_id, merge.target_id], act.scope.actor_id)


def _require_empty(village: Village) -> None:
    if Household.objects.filter(village=village).exists() or posts_of(village).exists():
        raise WrongState(JUST_REGISTERED.format(name=village.short_name), code="merge_moved")
