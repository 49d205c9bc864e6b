"""疑点 as a workbook: what the list shows under its filters, made by a job. No number, no phone, no explanation goes into the file."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts import roles
from core.actions import Origin, acting
from core.errors import Denied
from core.jobs import JobHandle, enqueue
from core.jobs.files import private_file
from core.models import Job
from core.scope import Scope
from core.sheets.writer import OutColumn, OutSheet, write_table
from households.filters_doubts import DoubtFilter
from households.models import Doubt
from households.selectors_doubts import doubts, line_of

EXPORT = "doubts"
EVERY = 500
COLUMNS = (
    OutColumn("乡镇", width=12), OutColumn("村", width=14), OutColumn("组", width=8), OutColumn("户主", width=10), OutColumn("户编号", "code", 18),
    OutColumn("成员", width=10), OutColumn("程度", width=10), OutColumn("规则", width=24), OutColumn("疑点", width=44), OutColumn("怎样改", width=44),
    OutColumn("状态", width=10), OutColumn("发现", "date", 12), OutColumn("了结", "date", 12),
)  # fmt: skip


def request_doubts(*, scope: Scope, filters: Mapping[str, str], origin: Origin | None = None) -> Job:
    """Queue the workbook of a list; `filters` are those of the page. What is none of its choices is left out: parameters are kept in the clear."""
    with acting(scope, "export.request", origin) as act:
        if not scope.has(roles.DOUBT_VIEW):
            raise Denied
        form = DoubtFilter(filters, request=SimpleNamespace(scope=scope)).form
        form.is_valid()
        kept = {name: filters[name] for name, value in form.cleaned_data.items() if value}
        job = enqueue(EXPORT, title="疑点清单", user_id=scope.actor_id, params={"filters": kept})
        act.audit("export", "", table=EXPORT, filters=sorted(kept), job=str(job.pk))
    return job


def write_doubts(job: JobHandle, scope: Scope) -> None:
    """File first, then audit and the job's end in one transaction."""
    if not scope.has(roles.DOUBT_VIEW):
        raise Denied
    request = SimpleNamespace(scope=scope)
    rows = DoubtFilter(job.params["filters"], queryset=doubts(scope).select_related("township"), request=request).qs
    total, seal = rows.count(), hashlib.sha256()
    path = settings.FILES_DIR / "exports" / f"{job.id}-{secrets.token_hex(4)}.xlsx"
    with private_file(path):
        with path.open("wb") as target:
            write_table(target, [OutSheet("疑点", COLUMNS, _rows(rows, scope, job, total, seal))])
        job.attach(path, f"疑点清单_{timezone.localdate():%Y%m%d}.xlsx")
        with acting(scope, "export.made") as act, job.final({"rows": total, "digest": seal.hexdigest()}):
            act.audit("export", "", table=EXPORT, rows=total, digest=seal.hexdigest(), job=job.id)


def _rows(rows: QuerySet[Doubt], scope: Scope, job: JobHandle, total: int, seal) -> Iterator[tuple]:
    for done, doubt in enumerate(_in_order(rows)):
        if done % EVERY == 0:
            job.progress(done, max(total, 1), f"已写 {done} 处")
        line, home = line_of(doubt, scope), doubt.household
        made = (
            doubt.township.name, doubt.village.short_name, doubt.group.name if doubt.group_id else "", home.head_name if home else "",
            home.code if home else "", line.member, line.severity, line.title, doubt.message, doubt.remedy, line.state,
            timezone.localdate(doubt.found_at), timezone.localdate(doubt.closed_at) if doubt.closed_at else None,
        )  # fmt: skip
        seal.update(repr(made).encode())
        yield made


def _in_order(rows: QuerySet[Doubt]) -> Iterator[Doubt]:
    """Piece by piece, each read to its end: SQLite refuses to write the job's progress beside a half-read answer when others have written."""
    ids = list(rows.order_by("village__code", "household__code", "-weight", "pk").values_list("pk", flat=True))
    for start in range(0, len(ids), EVERY):
        piece = ids[start : start + EVERY]
        found = rows.in_bulk(piece)
        yield from (found[pk] for pk in piece if pk in found)
