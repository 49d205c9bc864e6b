"""Papers of a whole village or group as one job: asked for, made into one file, checked again when it is fetched (ruling 10, trust 30)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from accounts import roles
from assessment.selectors import round_of
from core.actions import Origin, acting, once
from core.errors import BadInput, Denied, Replayed
from core.jobs import JobHandle, enqueue
from core.jobs.files import private_file
from core.models import Job
from core.scope import Scope
from reports.papers.bulk import write_papers
from reports.papers.making import area_of, check_right, paper_named
from reports.papers.model import Area, Paper

KIND = "papers"


def request_papers(
    *, scope: Scope, area: str, papers: Sequence[str], round_code: str = "", blank: bool = False, key: str = "", origin: Origin | None = None
) -> Job:
    """Queue the papers of every household of a village or group. NotFound, Denied, BadInput (no paper chosen)."""
    try:
        with acting(scope, "papers.request", origin) as act:
            place, wanted = papers_allowed(scope, area, papers, blank=blank)
            remember = once(scope, "papers.request", key, [area, sorted(papers), round_code, blank])
            round_ = round_of(scope, place, round_code)
            params = {"area": place.code, "papers": [paper.code for paper in wanted], "round": round_.code, "blank": blank}
            job = enqueue(KIND, title=f"打印 {place.name} {_named(wanted)}{'（空白）' if blank else ''}", user_id=scope.actor_id, params=params)
            act.audit("papers", place.code, place=place, subject=_named(wanted), round=round_.code, blank=blank, job=str(job.pk))
            remember(str(job.pk))
    except Replayed as earlier:
        return Job.objects.get(pk=earlier.object_code, requested_by_id=scope.actor_id)
    return job


def papers_allowed(scope: Scope, area: str, papers: Sequence[str], *, blank: bool) -> tuple[Area, list[Paper]]:
    """The area and the papers, if the caller may have them all there now; asked when queued, when made and when fetched."""
    if not scope.has(roles.PAPER_PRINT):
        raise Denied
    place = area_of(scope, area)
    wanted = [paper_named(code) for code in dict.fromkeys(papers)]
    if not wanted or any(not paper.in_bulk for paper in wanted):
        raise BadInput("没有开始打印。", fields={"paper": ["请至少选一种表。"]})
    for paper in wanted:
        if blank and not paper.may_be_blank:
            raise BadInput("没有开始打印。", fields={"paper": [f"{paper.title}没有空白的。"]})
        check_right(scope, paper, place, blank=blank)
    return place, wanted


def papers_for_job(job: JobHandle, scope: Scope) -> None:
    """The body of the job: file first, then audit and final write of the job in one transaction."""
    params = job.params
    place, wanted = papers_allowed(scope, params["area"], params["papers"], blank=params["blank"])
    round_ = round_of(scope, place, params["round"])
    path = settings.FILES_DIR / "exports" / f"{job.id}-{secrets.token_hex(4)}.zip"
    with private_file(path):
        with path.open("wb") as target:
            counts = write_papers(target, scope, place, wanted, round_, blank=params["blank"], progress=job.progress)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        job.attach(path, f"{place.name}_打印_{timezone.localdate():%Y%m%d}.zip")
        with acting(scope, "papers.made") as act, job.final(counts):
            act.audit("papers", place.code, place=place, subject=_named(wanted), round=round_.code, households=counts["households"], digest=digest, job=job.id)


def _named(papers: Sequence[Paper]) -> str:
    return "、".join(paper.title for paper in papers)
