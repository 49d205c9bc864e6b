"""Reads of notices: who waits for one, what hangs, what has run out (ruling 19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from accounts import roles
from assessment.models import (
    Case,
    CaseState,
    Notice,
    NoticeKind,
    NoticeLine,
    NoticeSheet,
    NoticeStatus,
    Objection,
    Round,
)
from assessment.models.cases import LIVE
from assessment.procedures import PROCEDURES, Level, Mode, Procedure, Stage, procedure_of
from core.errors import NotFound
from core.scope import Scope
from villages.models import Village

STANDING = (NoticeStatus.PREPARING, NoticeStatus.OPEN, NoticeStatus.ENDED)
"""A line on one of these counts for its case; a withdrawn notice never was (trust 76)."""
LONGEST_WAITING = 100


def at_notice_stages() -> Q:
    """Cases whose procedure now asks for a notice."""
    found = Q(pk__in=[])
    for procedure in PROCEDURES.values():
        stages = [stage.code for stage in procedure.stages if stage.mode is Mode.NOTICE]
        found |= Q(round__procedure=procedure.code, stage__in=stages)
    return found


def line_of_present_pass() -> QuerySet[NoticeLine]:
    """Lines that speak of the case as it stands: its stage, its pass, its category. After a change a new notice is due."""
    return NoticeLine.objects.filter(
        case=OuterRef("pk"), pass_no=OuterRef("pass_no"), category=OuterRef("category"), notice__stage=OuterRef("stage")
    )


def waiting(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases that stand at a notice stage and are on no notice that counts."""
    return rows.filter(at_notice_stages(), state=CaseState.OPEN).exclude(
        Exists(line_of_present_pass().filter(notice__status__in=STANDING))
    )


def newest_end() -> datetime | None:
    """When the last notice was ended: the demo's clock never steps back behind it."""
    return Notice.objects.aggregate(at=Max("ended_at"))["at"]


def stage_of(notice: Notice) -> Stage:
    return procedure_of(notice.round.procedure).by_code[notice.stage]


def kind_of(earlier: QuerySet[Notice]) -> str:
    """补充公示 where one of the same list counts already; `earlier` = notices of the round, stage and village."""
    return NoticeKind.SUPPLEMENTARY if earlier.exclude(status=NoticeStatus.WITHDRAWN).exists() else NoticeKind.REGULAR


def replaced_by(earlier: QuerySet[Notice]) -> Notice | None:
    """The notice that people have seen hanging and that was withdrawn since, if no later one has taken its place: the next one corrects
    it, with a full new period (trust 76)."""
    rows = earlier.filter(status=NoticeStatus.WITHDRAWN, sheets__posted_at__isnull=False)
    taken = earlier.exclude(status=NoticeStatus.WITHDRAWN).filter(replaces__isnull=False).values("replaces")
    return rows.exclude(pk__in=taken).order_by("-pk").first()


def posting_right(notice: Notice) -> str:
    """The right of whoever keeps the board that the notice hangs on."""
    return roles.NOTICE_POSTS[stage_of(notice).notice.where]


@dataclass(frozen=True, slots=True)
class WaitingVillage:
    """Households of a village that wait for a notice; `preparing` = one is being posted, the next must wait for it."""

    round_code: str
    stage: str
    stage_name: str
    village_code: str
    village_name: str
    township_name: str
    households: int
    since: datetime
    preparing: bool
    place: Village
    right: str
    """Who may start it."""


def waiting_villages(scope: Scope) -> list[WaitingVillage]:
    """Villages in the area with households that wait, the longest waiting first; one query."""
    keys = ("round__code", "round__procedure", "stage", "village_id")
    preparing = Notice.objects.filter(
        round=OuterRef("round"), stage=OuterRef("stage"), village=OuterRef("village"), status=NoticeStatus.PREPARING
    )
    rows = waiting(Case.objects.visible_to(scope).filter(round__status="open")).order_by().values(
        *keys, "village__code", "village__name", "township__name", "township_id", "county_id", "round_id"
    )  # fmt: skip
    rows = rows.annotate(households=Count("pk"), since=Max("stage_since"), preparing=Exists(preparing)).order_by(
        "since"
    )
    return [_waiting_village(row) for row in rows[:LONGEST_WAITING]]


def _waiting_village(row: dict) -> WaitingVillage:
    village = Village(
        pk=row["village_id"], code=row["village__code"], name=row["village__name"], township_id=row["township_id"],
        county_id=row["county_id"],
    )  # fmt: skip
    stage = procedure_of(row["round__procedure"]).by_code[row["stage"]]
    return WaitingVillage(
        row["round__code"], stage.code, stage.name, village.code, village.short_name, row["township__name"], row["households"], row["since"],
        row["preparing"], village, roles.NOTICE_STARTS[stage.level],
    )  # fmt: skip


STATES = {
    "preparing": Q(status=NoticeStatus.PREPARING),
    "open": Q(status=NoticeStatus.OPEN),
    "ended": Q(status=NoticeStatus.ENDED),
    "withdrawn": Q(status=NoticeStatus.WITHDRAWN),
}


def notices(scope: Scope, *, state: str = "", q: str = "") -> tuple[QuerySet[Notice], dict[str, int]]:
    """(notices in the area with what a line shows, how many there are of each state)"""
    rows = Notice.objects.visible_to(scope)
    if q:
        rows = rows.filter(Q(village__name__contains=q) | Q(township__name__contains=q) | Q(document_no__contains=q))
    counts = rows.order_by().aggregate(**{name: Count("pk", filter=condition) for name, condition in STATES.items()})
    rows = rows.filter(STATES[state]) if state in STATES else rows
    posted = Count("sheets", filter=Q(sheets__posted_at__isnull=False))
    return rows.select_related("village", "township", "round").annotate(sheet_count=Count("sheets"), posted_count=posted), counts


def notice_of(scope: Scope, uuid: UUID | str) -> Notice:
    """The notice in the caller's area; NotFound otherwise (trust A6)."""
    rows = Notice.objects.visible_to(scope).select_related(
        "round", "county", "township", "village__township", "started_by", "withdrawn_by", "replaces__round"
    )
    notice = rows.filter(uuid=uuid).first()
    if notice is None:
        raise NotFound
    return notice


def sheets_of(notice: Notice, only: str = "") -> list[NoticeSheet]:
    """Sheets with their lines and the cases as they stand; `only` names one sheet."""
    lines = NoticeLine.objects.select_related("case", "household").order_by("position")
    sheets = notice.sheets.select_related("recorded_by", "group").prefetch_related(Prefetch("lines", lines))
    return [sheet for sheet in sheets.order_by("pk") if not only or str(sheet.uuid) == only]


def objections_of(scope: Scope, notice: Notice) -> list[Objection]:
    """Objections against the notice: number, kind and state; what they say is on their own page."""
    rows = Objection.objects.visible_to(scope).filter(notice=notice).select_related("household")
    return list(
        rows.defer("text_enc", "finding_enc", "answer_enc", "lodger_enc", "phone_enc", "target_enc").order_by(
            "lodged_at"
        )
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """What a notice would be made of."""

    round: Round
    stage: Stage
    village: Village
    cases: list[Case]
    earlier_stages: int
    held: int
    before: Notice | None
    number: int


def ground_of(scope: Scope, round_code: str, stage: str, village_code: str) -> Ground:
    """The round, stage and village named, with the cases that wait; NotFound when one is missing or out of the area."""
    village = Village.objects.visible_to(scope).select_related("county", "township").filter(code=village_code).first()
    round_ = Round.objects.visible_to(scope).filter(code=round_code).first()
    procedure = procedure_of(round_.procedure) if round_ else None
    if village is None or procedure is None or stage not in procedure.by_code:
        raise NotFound
    if procedure.by_code[stage].mode is not Mode.NOTICE:
        raise NotFound("这个批次没有这一次公示。")
    rows = Case.objects.visible_to(scope).filter(round=round_, village=village)
    cases = waiting(rows.filter(stage=stage)).select_related("household", "group", "survey")
    before = [other.code for other in procedure.before(stage)]
    numbers = rows.aggregate(
        earlier=Count("pk", filter=Q(stage__in=before, state__in=LIVE)),
        held=Count("pk", filter=Q(stage=stage, state=CaseState.HELD)),
    )
    notices = _of_the_same_office(scope, procedure, procedure.by_code[stage], village)
    return Ground(
        round_, procedure.by_code[stage], village, list(cases), numbers["earlier"], numbers["held"], notices.order_by("-pk").first(),
        notices.count() + 1,
    )  # fmt: skip


def _of_the_same_office(scope: Scope, procedure: Procedure, stage: Stage, village: Village) -> QuerySet[Notice]:
    """Notices that the same village committee, township or county has started under this procedure: their words are proposed again."""
    place = {Level.VILLAGE: {"village": village.pk}, Level.COUNTY: {"county": village.county_id}}.get(stage.level, {"township": village.township_id})
    stages = [other.code for other in procedure.stages if other.mode is Mode.NOTICE and other.level is stage.level]
    return Notice.objects.visible_to(scope).filter(round__procedure=procedure.code, stage__in=stages, **place)


# --- the public page: frozen lines only, no household is asked ------------------------------------------------------

PublicRow = tuple[int, str, str, int, str, str]
"""position, group, masked name, persons, category, result."""


def on_show(token: str, now: datetime) -> Notice | None:
    """The notice that anybody may read at this moment: an expiry is a predicate when read (ruling 13; N6)."""
    return (
        Notice.objects.on_show(now).filter(token=token).select_related("round", "county", "township", "village", "replaces__round").first()
    )


def public_rows(notice: Notice) -> list[PublicRow]:
    """Lines whose case still stands as they say: one that was sent back or decided anew is off the web at once."""
    rows = NoticeLine.objects.filter(
        notice=notice,
        case__pass_no=F("pass_no"),
        case__category=F("category"),
        case__stage=notice.stage,
        case__state__in=LIVE,
    )
    return list(
        rows.order_by("position").values_list(
            "position", "sheet__group_name", "masked_name", "persons", "category", "result"
        )
    )


def persons_in(rows: Sequence[PublicRow]) -> int:
    return sum(row[3] for row in rows)
