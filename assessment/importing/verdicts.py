"""疑似重复 of a run: kept sealed beside the staged rows, decided by the importer, remembered for later files."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from assessment.importing.service import expired, my_run
from core.actions import Origin, acting, lock
from core.crypto import decrypt_many, encrypt
from core.errors import BadInput, NotFound, WrongState
from core.scope import Scope
from households.importing.stored import batches
from households.importing.suspicions import Suspected
from households.models import ImportRun, Suspicion

_TABLE, _FIELD = Suspicion._meta.db_table, "content"


def keep(run: ImportRun, found: Iterable[Suspected]) -> None:
    """Anew for this run; a verdict given on an earlier file holds. The first stage runs again from the start when it was killed."""
    Suspicion.objects.filter(run=run).delete()
    for batch in batches({one.key: one for one in found}.values()):
        earlier = _earlier(run, [one.key for one in batch])
        Suspicion.objects.bulk_create(_row(run, one, earlier.get(one.key)) for one in batch)


def _earlier(run: ImportRun, keys: list[str]) -> dict[str, Suspicion]:
    rows = Suspicion.objects.filter(county_id=run.county_id, key_index__in=keys).exclude(verdict="").order_by("decided_at", "pk")
    return {row.key_index: row for row in rows}


def _row(run: ImportRun, one: Suspected, earlier: Suspicion | None) -> Suspicion:
    row = Suspicion(run=run, county_id=run.county_id, kind=one.kind, code=one.code, key_index=one.key)
    if earlier is not None:
        row.verdict, row.decided_by_id, row.decided_at = earlier.verdict, earlier.decided_by_id, earlier.decided_at
    body = json.dumps({"sides": one.sides, "why": one.why}, ensure_ascii=False)
    row.content_enc = encrypt(body, table=_TABLE, field=_FIELD, row=row.uuid)
    return row


def open_ones(run: ImportRun) -> QuerySet[Suspicion]:
    return Suspicion.objects.filter(run=run, verdict="")


def refused_codes(run: ImportRun) -> set[str]:
    """Households of the file that are left out: they, or one of their people, already stand in the register."""
    return set(Suspicion.objects.filter(run=run, verdict=Suspicion.Verdict.SAME).values_list("code", flat=True))


def all_seen(run: ImportRun, found: Iterable[Suspected]) -> bool:
    """False when somebody has been registered since who looks like a row of the file."""
    return {one.key for one in found} <= set(Suspicion.objects.filter(run=run).values_list("key_index", flat=True))


def told(rows: Iterable[Suspicion]) -> list[dict[str, object]]:
    """{row, file, register, why} for the page and the command."""
    rows = list(rows)
    bodies = map(json.loads, decrypt_many([(row.content_enc, row.uuid) for row in rows], _TABLE, _FIELD))
    return [{"row": row, "file": body["sides"][0], "register": body["sides"][1], "why": body["why"]} for row, body in zip(rows, bodies, strict=True)]


def lines(run: ImportRun) -> list[str]:
    """One line each, for the command."""
    return [f"{one['row'].get_kind_display()}：文件中 {one['file']}；系统中 {one['register']}。{one['why']}" for one in told(open_ones(run))]


def decide(*, scope: Scope, user, run_uuid, suspicion_uuid, verdict: str, origin: Origin | None = None) -> None:
    """Say whether the two are the same. It may be said anew until the import is confirmed."""
    if verdict not in Suspicion.Verdict:
        raise BadInput("请选择“是同一个”或“不是同一个”。")
    my_run(scope, user, run_uuid)
    with acting(scope, "import.verdict", origin) as act:
        run = lock(ImportRun.objects.filter(requested_by=user).select_related("job"), uuid=run_uuid)
        if run.state != ImportRun.State.READY or expired(run) or (run.job and run.job.is_live):
            raise WrongState("这次导入已经结束，或正在写入，不能再认定。")
        row = Suspicion.objects.filter(run=run, uuid=suspicion_uuid).first()
        if row is None:
            raise NotFound
        row.verdict, row.decided_by_id, row.decided_at = verdict, scope.actor_id, timezone.now()
        row.save(update_fields=["verdict", "decided_by", "decided_at"])
        act.audit("import", str(run.uuid), place=run.county, subject=row.get_kind_display(), household=row.code, opinion=row.get_verdict_display())
