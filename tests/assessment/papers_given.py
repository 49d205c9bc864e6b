"""Papers of a household's own, signed and on file: what a list needs before it concludes (A8-01)."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from assessment.models import Case
from core.uploads.store import digest_of, path_of
from households.models import Paper

KINDS = ("application", "wish")


def give_papers(cases: Iterable[Case], kinds: Iterable[str] = KINDS) -> None:
    """Each household has signed for its case's round, on the day its case was opened; who has signed already does not sign again."""
    by = User.objects.order_by("pk").first()
    there = set(Paper.objects.filter(set_aside__isnull=True).values_list("household_id", "kind", "round_code"))
    rows = []
    for case in Case.objects.filter(pk__in=[case.pk for case in cases]).select_related("household", "round"):
        for kind in kinds:
            if (case.household_id, kind, case.round.code) not in there:
                rows.append(_paper(case, kind, by))
    Paper.objects.bulk_create(rows)


def _paper(case: Case, kind: str, by: User) -> Paper:
    content = f"{case.pk}{kind}".encode()
    scan = path_of(digest_of(content))
    scan.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scan.write_bytes(content)  # check_invariants asks for the file of every row
    place = {name: getattr(case, name) for name in ("county_id", "township_id", "village_id")}
    return Paper(
        household=case.household, kind=kind, round_code=case.round.code, household_version=case.household.version,
        signed_on=timezone.localdate(case.opened_at), signer_name=case.household.head_name, signer_relation="01", face_to_face=True,
        sha256=scan.name, media_type="application/pdf", size=len(content), by=by, at=case.opened_at, **place,
    )  # fmt: skip
