"""What the export page shows: what may be exported, what waits for the caller, what the caller has asked for and made."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from accounts import roles
from assessment.models import Round
from core.models import Job
from core.scope import FieldClass, Scope
from reports.models import ExportRequest, RequestState
from reports.tables import name_of
from reports.workbooks import REPORTS
from villages.models import County, Township, Village

SHOWN = 20
EXPORT_KINDS = ("export", "doubts")


def to_approve(scope: Scope) -> QuerySet[ExportRequest]:
    """Requests of others, still in their days, over places in which the caller may export everything."""
    rows = ExportRequest.objects.visible_to(scope.narrowed_to(roles.EXPORT_ROSTER))
    return rows.filter(state=RequestState.WAITING, expires_at__gt=timezone.now()).exclude(asked_by_id=scope.actor_id)


def _shown(rows: QuerySet[ExportRequest]) -> list[ExportRequest]:
    """With names, place and report in words."""
    found = list(rows.select_related("round", "county", "township", "village", "asked_by", "decided_by", "job")[:SHOWN])
    for row in found:
        place = row.village or row.township or row.county
        row.place_name, row.report_title = name_of(place), REPORTS[row.table].title
    return found


def page_context(scope: Scope) -> dict[str, object]:
    approved = ExportRequest.objects.visible_to(scope.narrowed_to(roles.EXPORT_ROSTER)).filter(state=RequestState.APPROVED)
    mine = ExportRequest.objects.filter(asked_by_id=scope.actor_id)
    return {
        "waiting": _shown(to_approve(scope).order_by("expires_at")),
        "approved": _shown(approved.exclude(asked_by_id=scope.actor_id).filter(job__file_expires_at__gt=timezone.now())),
        "mine": _shown(mine),
        "files": list(Job.objects.filter(requested_by_id=scope.actor_id, kind__in=EXPORT_KINDS)[:SHOWN]),
        "sees_numbers": scope.may_see(FieldClass.IDENTITY),
        "now": timezone.now(),
    }


def places_of(scope: Scope, round_: Round | None) -> list[tuple[str, str]]:
    """(code, name) of every place that may be exported as a list, the widest first; villages behind their township."""
    narrowed = scope.narrowed_to(roles.EXPORT_ROSTER)
    lookup = {} if round_ is None else {"county_id": round_.county_id}
    counties = County.objects.visible_to(narrowed).filter(**({} if round_ is None else {"pk": round_.county_id}))
    townships = Township.objects.visible_to(narrowed).filter(valid_to__isnull=True, **lookup)
    villages = Village.objects.visible_to(narrowed).filter(valid_to__isnull=True, **lookup).select_related("township")
    found = [(row.code, row.name) for row in (*counties, *townships)]
    found += [(row.code, f"{row.township.name} {row.short_name}") for row in villages]
    return sorted(found)  # a code begins with that of the place above it
