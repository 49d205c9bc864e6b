"""Reads for the administrators' pages; none of them touches a household."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts import roles
from accounts.models import Assignment, User
from core.models import AuditRow

LONGEST_QUERY = 64
"""Longer than any login or name; SQLite refuses a LIKE of 50 000 characters."""
POSTS_THAT_WORK = (*roles.VILLAGE_ROLES, roles.TOWNSHIP, roles.COUNTY)


def accounts(text: str = "") -> QuerySet[User]:
    """Accounts with their posts; `text` searches login and name."""
    rows = User.objects.prefetch_related(
        Prefetch("assignments", queryset=Assignment.objects.select_related("county", "township", "village"))
    )
    return rows.filter(Q(login__icontains=text) | Q(name__icontains=text)) if text else rows


def proposals() -> QuerySet[Assignment]:
    return Assignment.objects.filter(proposed=True).select_related("user", "county", "township", "village")


def posts(text: str = "") -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(proposed=False).select_related("user", "county", "township", "village")
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
    return rows.filter(Q(user__login__icontains=text) | Q(user__name__icontains=text)) if text else rows


def audit_rows(filters: dict[str, object]) -> QuerySet[AuditRow]:
    """The trail, as far as the filters go."""
    rows = AuditRow.objects.all()
    lookups = {"actor": "actor_login", "action": "action__startswith", "code": "object_code", "result": "result"}
    for name, lookup in lookups.items():
        if filters.get(name):
            rows = rows.filter(**{lookup: filters[name]})
    zone = timezone.get_current_timezone()
    if filters.get("since"):
        rows = rows.filter(at__gte=datetime.combine(filters["since"], time.min, zone))
    if filters.get("until"):
        rows = rows.filter(at__lt=datetime.combine(filters["until"] + timedelta(days=1), time.min, zone))
    return rows


def holders(right: str, place: object, day: date) -> list[User]:
    """Active accounts that hold the right in the place (an object with county_id, township_id and village_id) on `day`, by name."""
    held = Assignment.objects.in_force(day).filter(role__in=roles.RIGHTS[right])
    covering = held.filter(
        Q(county_id=place.county_id) | Q(township_id=place.township_id, township__isnull=False) | Q(village_id=place.village_id, village__isnull=False)
    )
    return list(User.objects.filter(is_active=True, pk__in=covering.values("user")).order_by("name", "login"))


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in post, to be phoned when a stage waits for that post."""

    role: str
    place_id: int
    name: str
    title: str
    phone: str


def in_charge(day: date, county_id: int, township_ids: Iterable[int], village_ids: Iterable[int]) -> list[Contact]:
    """Active accounts that hold a working post in the county itself, these townships or these villages on `day`."""
    posts = Assignment.objects.in_force(day).filter(user__is_active=True, role__in=POSTS_THAT_WORK)
    places = Q(county_id=county_id) | Q(township_id__in=list(township_ids)) | Q(village_id__in=list(village_ids))
    rows = posts.filter(places).select_related("user").order_by("user__login")
    return [
        Contact(row.role, row.village_id or row.township_id or row.county_id, row.user.name, row.user.title, row.user.office_phone)
        for row in rows
    ]
