"""Reads of photos per look: who may see them, who may add them, and where the same picture turns up again."""

from collections import Counter
from collections.abc import Collection

from django.db.models import QuerySet

from accounts import roles
from assessment.locks import form_fixed
from assessment.models import LookPhoto, Round, RoundStatus, SurveyPurpose
from assessment.selectors_objections import purpose_of
from core.scope import FieldClass, Scope
from households.models import Household

MOST = 12
AT_ONCE = 6
REVIEW_RIGHTS = tuple(right for level, right in roles.SITTING_RIGHTS.items() if level != "group")


def may_see(scope: Scope, household: Household) -> bool:
    """A picture of a home may show its people, so it opens as facts of health do (decision 38)."""
    return scope.may_see(FieldClass.HEALTH, household)


def reviews(scope: Scope, place: object) -> bool:
    """Whoever decides on this place's list above the group."""
    return any(scope.may(right, place) for right in REVIEW_RIGHTS)


def why_closed(scope: Scope, household: Household, round_: Round) -> str:
    """Why photos can no longer be added or removed; "" while they can. A 复核 adds its own to a form that is locked."""
    if round_.status != RoundStatus.OPEN:
        return f"{round_.name}已经结束，照片不能再增减。"
    if purpose_of(scope, household, round_.code) == SurveyPurpose.REVIEW:
        return ""
    if household.closed_on:
        return "这一户已销户，照片不能再增减。"
    if household.hold:
        return "这一户已锁定，照片不能再增减；要改，须先办变更。"
    fixed = form_fixed(household.pk, round_)
    return f"{fixed}，照片不能再增减。" if fixed else ""


def may_keep(scope: Scope, household: Household, round_: Round) -> bool:
    """Whoever fills the form, or handles an objection to it, keeps its photos."""
    return scope.may(roles.SURVEY_FILL, household) or purpose_of(scope, household, round_.code) == SurveyPurpose.REVIEW


def may_remove(scope: Scope, household: Household, photo: LookPhoto) -> bool:
    """Whoever handles an objection takes away only what they brought: the village's photos are what the list was decided on."""
    own = purpose_of(scope, household, photo.round.code) == SurveyPurpose.REVIEW and photo.by_id == scope.actor_id
    return own or scope.may(roles.SURVEY_FILL, household)


def photos_of(household: Household, round_: Round | None, look: str = "") -> QuerySet[LookPhoto]:
    """The photos that count, oldest first within a look; the caller has the household from its gate."""
    rows = LookPhoto.objects.filter(household=household, round=round_, removed_at__isnull=True)
    return (rows.filter(look=look) if look else rows).select_related("by", "round").order_by("look", "at", "pk")


def counts_of(household: Household, round_: Round) -> Counter[str]:
    return Counter(photos_of(household, round_).order_by().values_list("look", flat=True))


def also_elsewhere(scope: Scope, household: Household, hashes: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """{hash: [(household's code, head's name)]} of other households of the county with the very same picture. One out of the caller's
    area is counted without its name."""
    rows = LookPhoto.objects.filter(sha256__in=hashes, county_id=household.county_id, removed_at__isnull=True)
    rows = rows.exclude(household=household)
    found: dict[str, list[tuple[str, str]]] = {}
    seen = set(rows.visible_to(scope).values_list("pk", flat=True)) if hashes else set()
    for pk, sha256, code, name in rows.order_by("household__code").values_list("pk", "sha256", "household__code", "household__head_name"):
        line = (code, name) if pk in seen else ("", "")
        if line not in found.setdefault(sha256, []):
            found[sha256].append(line)
    return found
