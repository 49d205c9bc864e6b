"""Signed papers of a household: uploaded as scans or signed on the screen, set aside, handed out (A8-01, A8-13, B-16, B-19).

A lock of the list does not stop them: the papers come after it. A closed household takes none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.utils import timezone

from accounts import roles
from accounts.models import Assignment
from core.actions import Act, Origin, acting, lock, once, record, refusals_recorded
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.scope import FieldClass, Scope
from core.text import carries_number, clean_line, clean_name
from core.uploads import drawings, scans, store
from households.actions.steps import document
from households.codes import RELATION
from households.consent import BY_KIND, INCOME, PaperEntry, Signer, day_faults, signer_faults, year_fault
from households.models import Household, IncomeYear, Membership, Paper, PaperSetAside, ProxyReason, SigningWay
from households.paper_context import context_of
from households.papers_digest import stable_facts
from households.selectors_papers import income_digest, keyed_digest

MOST = 60
SHORTEST_REASON, LONGEST_REASON = 4, 200


def add_paper(
    *, scope: Scope, household: str, entry: PaperEntry, file: BinaryIO, key: str = "", now: datetime | None = None, origin: Origin | None = None
) -> Paper:
    """Keep a signed paper's scan; the same file again is the same row. `now` is the demo's stepped clock.

    Raises NotFound, Denied, BadInput (by field), WrongState (closed household, no round, too many files), DiskFull.
    """
    with refusals_recorded(scope, "paper.add", origin, household):
        _target(scope, household)  # the right comes before the work of decoding
        scan = scans.clean(file.read(scans.MAX_BYTES + 1))
        return _kept(scope, "paper.add", household, entry, scan, SigningWay.SCAN, key, now, origin)


def sign_on_screen(
    *, scope: Scope, household: str, entry: PaperEntry, drawing: str, key: str = "", now: datetime | None = None, origin: Origin | None = None
) -> Paper:
    """Keep a signature drawn on the screen, where the household has read what it signs. As `add_paper`; signed today, face to face."""
    with refusals_recorded(scope, "paper.sign", origin, household):
        _target(scope, household)
        scan = drawings.signature(drawing)
        return _kept(scope, "paper.sign", household, entry, scan, SigningWay.SCREEN, key, now, origin)


def set_aside_paper(*, scope: Scope, paper: str, reason: str, key: str = "", origin: Origin | None = None) -> Paper:
    """作废: it stays in the file and counts no more. Raises NotFound, Denied, BadInput (reason), WrongState (set aside already)."""
    reason = clean_line(reason)
    try:
        with acting(scope, "paper.set_aside", origin) as act:
            row = _visible(scope, paper)
            lock(Household.objects.visible_to(scope), pk=row.household_id)
            if not scope.may(roles.PAPER_SIGN, row.household):
                raise Denied
            remember = once(scope, "paper.set_aside", key, [paper, reason])
            _check_reason(reason)
            if PaperSetAside.objects.filter(paper=row).exists():
                raise WrongState("这份材料已经作废。", code="set_aside")
            PaperSetAside.objects.create(paper=row, reason=reason, by_id=scope.actor_id, at=timezone.now())
            act.audit("paper", str(row.uuid), place=row.household, subject=row.get_kind_display(), household=row.household.code)
            remember(str(row.uuid))
    except Replayed as earlier:
        return _visible(scope, earlier.object_code)
    return row


def open_paper(*, scope: Scope, paper: str, origin: Origin | None = None) -> tuple[Paper, bytes]:
    """The row and its bytes, compared with the hash first; a name, a number and a signature are on it, so the reading is audited."""
    with refusals_recorded(scope, "paper.read", origin, paper):
        row = _visible(scope, paper)
        if not scope.may_see(FieldClass.IDENTITY, row.household):
            raise Denied("签字材料上有证件号码，您的岗位不能查看。")
        content = store.fetch(row.sha256)
    record(scope, "paper.read", origin, "paper", paper, place=row.household, subject=row.get_kind_display(), household=row.household.code)
    return row, content


def damaged_papers() -> Iterator[str]:
    """Ids of papers whose file is gone or is no longer what was registered (trust 29)."""
    for row in Paper.objects.order_by("pk").iterator(chunk_size=500):
        try:
            store.fetch(row.sha256)
        except WrongState:
            yield str(row.uuid)


def _visible(scope: Scope, paper: str) -> Paper:
    """A paper belongs to its household's area of today, also after a move."""
    try:
        uuid = UUID(paper)
    except ValueError:
        raise NotFound from None
    row = Paper.objects.filter(uuid=uuid, household__in=Household.objects.visible_to(scope)).select_related("household__village").first()
    if row is None:
        raise NotFound
    return row


def _target(scope: Scope, code: str, *, locked: bool = False) -> Household:
    rows = Household.objects.visible_to(scope)
    if locked:
        household = lock(rows.select_related("village", "township"), code=code)
    else:  # the right and the state only: the row is read whole under its lock
        household = rows.only(*Household.SCOPE_COLUMNS, "closed_on").filter(code=code).first()
    if household is None:
        raise NotFound
    if not scope.may(roles.PAPER_SIGN, household):
        raise Denied
    if household.closed_on:
        raise WrongState("这一户已销户，不再收签字材料。", code="closed")
    return household


def _kept(
    scope: Scope, name: str, code: str, entry: PaperEntry, scan: scans.Scan, way: str, key: str, now: datetime | None, origin: Origin | None
) -> Paper:
    with store.kept(scan.content):
        try:
            with acting(scope, name, origin) as act:
                household = _target(scope, code, locked=True)
                sha256 = store.digest_of(scan.content)
                remember = once(scope, name, key, [code, asdict(entry), sha256])
                row = Paper(kind=entry.kind, way=way, sha256=sha256, media_type=scan.media_type, size=len(scan.content))
                row = _saved(act, household, entry, row, now or timezone.now())
                remember(str(row.uuid))
        except Replayed as earlier:
            return _visible(scope, earlier.object_code)
    return row


def _saved(act: Act, household: Household, entry: PaperEntry, row: Paper, now: datetime) -> Paper:
    others = Paper.objects.filter(household=household)
    twin = others.filter(kind=entry.kind, sha256=row.sha256, year=entry.year, set_aside__isnull=True).first()
    if twin is not None:
        return twin
    if others.count() >= MOST:
        raise WrongState(f"这一户已有 {MOST} 份材料，不能再传。", code="too_many_files")
    _fill(act.scope, household, entry, row, now)
    row.save()
    act.audit(
        "paper", str(row.uuid), place=household, subject=row.get_kind_display(), household=household.code, round=row.round_code, year=row.year,
        version=row.household_version, sha256=row.sha256, size=row.size,
    )  # fmt: skip
    return row


def _fill(scope: Scope, household: Household, entry: PaperEntry, row: Paper, now: datetime) -> None:
    context, today = context_of(household), timezone.localdate(now)
    members = list(household.memberships.current().select_related("person"))
    signer, faults = _signer(members, entry)
    faults |= _paper_faults(entry, today) | day_faults(entry.signed_on, household.registered_on, today)
    faults |= signer_faults(signer, entry.signed_on or today, _helpers(scope, household, today))
    if faults:
        raise BadInput("材料没有保存，请改正标出的内容。", fields={field: [reason] for field, reason in faults.items()})
    if BY_KIND[entry.kind].of_round and not context.round_code:
        raise WrongState("本县没有正在进行的识别批次，这份材料在批次开启以后上传。", code="no_round")
    row.household, row.by_id, row.at = household, scope.actor_id, now
    row.county_id, row.township_id, row.village_id = household.county_id, household.township_id, household.village_id
    row.round_code, row.survey_revision, row.household_version = context.round_code, context.survey_revision, household.version
    row.year, row.signed_on, row.signer_name, row.signer_relation = entry.year, entry.signed_on, signer.name, signer.relation
    row.by_proxy, row.proxy_reason = signer.by_proxy, signer.proxy_reason
    row.surveyor_name, row.face_to_face = clean_line(entry.surveyor_name), entry.face_to_face
    row.facts_digest = _digest(household, entry, members)


def _digest(household: Household, entry: PaperEntry, members: Sequence[Membership]) -> str:
    if entry.kind == INCOME:
        return income_digest(IncomeYear.objects.filter(household=household, year=entry.year).first())
    return keyed_digest(stable_facts(document(household, members)))


def _signer(members: Sequence[Membership], entry: PaperEntry) -> tuple[Signer, dict[str, str]]:
    """Who signs, and what is wrong with the choice."""
    if entry.by_proxy:
        if entry.proxy_reason and entry.proxy_reason not in ProxyReason.values:
            return Signer("", by_proxy=True), {"proxy_reason": "请选代签原因。"}
        relation = entry.proxy_relation if entry.proxy_relation in RELATION.items else ""
        try:
            return Signer(clean_name(entry.proxy_name), relation, by_proxy=True, proxy_reason=entry.proxy_reason), {}
        except ValueError as fault:
            return Signer("代签", by_proxy=True, proxy_reason=entry.proxy_reason), {"proxy_name": str(fault)}
    member = next((row for row in members if str(row.uuid) == entry.signer), None)
    if member is None:
        return Signer("户"), {"signer": "请从本户在册的家庭成员里选签字人。"}
    return Signer(member.person.name, member.relation, member.person.birth), {}


def _paper_faults(entry: PaperEntry, today: date) -> dict[str, str]:
    paper = BY_KIND.get(entry.kind)
    if paper is None:
        return {"kind": "请选材料种类。"}
    faults = {}
    if paper.of_year and (fault := year_fault(entry.year, today)):
        faults["year"] = fault
    if paper.both and not clean_line(entry.surveyor_name):
        faults["surveyor_name"] = f"{paper.name}要调查员和本户同时签字，请填调查员姓名。"
    elif len(entry.surveyor_name) > Paper._meta.get_field("surveyor_name").max_length or carries_number(entry.surveyor_name):
        faults["surveyor_name"] = "只填调查员姓名。"
    return faults


def _helpers(scope: Scope, household: Household, today: date) -> set[str]:
    """Names of those who keep this village's files: they sign for nobody (A8-13)."""
    posts = Assignment.objects.in_force(today).filter(village_id=household.village_id)
    return {scope.actor_label, *posts.values_list("user__name", flat=True)}


def _check_reason(reason: str) -> None:
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise BadInput("没有作废。", fields={"reason": [f"请写明作废原因，{SHORTEST_REASON} 至 {LONGEST_REASON} 字。"]})
    if carries_number(reason):
        raise BadInput("没有作废。", fields={"reason": ["不要写证件号码、电话或银行卡号。"]})


