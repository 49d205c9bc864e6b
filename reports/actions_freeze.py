"""定稿: a table is written down for good, with all that makes it (rulings 21 to 24)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from accounts import roles
from accounts.models import User
from assessment.models import Round, Sitting
from core.actions import Act, Origin, acting, lock
from core.crypto import seal_mac
from core.errors import Denied, WrongState
from core.models import LedgerHead
from core.scope import Scope
from reports.actions import find_round, stale_villages
from reports.areas import area_of
from reports.behind import households_behind, miscounted
from reports.canonical import FORMAT, body_text, columns_text, digest_of, text_of
from reports.catalog import CATALOG_VERSION, Column
from reports.checks import level_faults
from reports.frozen import part_digest, sealed_text
from reports.models import Snapshot, SnapshotPart, TallyState
from reports.tables import Line, assemble, columns_of, lines_of
from villages.models import Place, Township, Village, VillagerGroup
from villages.selectors import family_of

INSERT_BATCH = 200
FAULTS_SHOWN = 12


def freeze_table(*, scope: Scope, level: str, round_code: str, area: str, origin: Origin | None = None) -> Snapshot:
    """Freeze a table of the caller's area. WrongState, with reasons, while a village in it is not up to date, while the levels or the
    households behind the figures do not agree, or when something moved in the middle."""
    with acting(scope, "table.freeze", origin) as act:
        round_ = find_round(scope, round_code)
        place = area_of(level, area, scope)
        if place.county_id != round_.county_id or not scope.may(roles.TABLE_BUILD, place):
            raise Denied
        lock(Round.objects.all(), pk=round_.pk)  # freezes and roll-ups of a round follow each other
        head = LedgerHead.objects.get(pk=1)
        villages = _villages(place)
        states = _states(round_, villages)
        _require_fresh(round_, villages)
        columns = columns_of(round_)
        lines = lines_of(level, round_, place, columns)
        parts = _parts(round_, villages, lines, columns)
        _require_sums(level, round_, place)
        snapshot = _snapshot(scope, level, round_, place, columns, lines, head)
        _seal(snapshot, parts)
        act.recheck(lambda: _require_unmoved(round_, villages, states))
        _audit(act, snapshot, place)
    return snapshot


def _villages(place: Place) -> list[int]:
    column = {"Village": "pk", "Township": "township_id"}.get(type(place).__name__, "county_id")
    return sorted(Village.objects.filter(**{column: place.pk}).values_list("pk", flat=True))


def _states(round_: Round, villages: Sequence[int]) -> dict[int, int]:
    return dict(TallyState.objects.filter(round=round_, village_id__in=villages).values_list("village_id", "n"))


def _require_fresh(round_: Round, villages: Sequence[int]) -> None:
    stale = stale_villages(round_, villages)
    if stale:
        names = [village.short_name for village in Village.objects.filter(pk__in=stale).order_by("code")]
        shown = "、".join(names[:FAULTS_SHOWN]) + ("等" if len(names) > FAULTS_SHOWN else "")
        raise WrongState(f"有 {len(names)} 个村在汇总之后又有改动：{shown}。请先汇总，再定稿。", code="table_stale", reasons=names[:FAULTS_SHOWN])


def _require_unmoved(round_: Round, villages: Sequence[int], states: dict[int, int]) -> None:
    _require_fresh(round_, villages)
    if _states(round_, villages) != states:
        raise WrongState("定稿时数字又重新汇总过。请看过新的数字，再定稿。", code="table_moved")


def _require_sums(level: str, round_: Round, place: Place) -> None:
    faults = level_faults(level, round_, place)
    if faults:
        raise WrongState("各级数字对不上，不能定稿。", code="table_not_equal", reasons=faults[:FAULTS_SHOWN])


def _parts(round_: Round, villages: Sequence[int], lines: Iterable[Line], columns: Sequence[Column]) -> list[SnapshotPart]:
    """Figures and households of each group; WrongState naming place, column and both numbers where they differ."""
    behind = households_behind(round_, villages, columns)
    codes = dict(Village.objects.filter(pk__in=villages).values_list("pk", "code"))
    groups = dict(VillagerGroup.objects.filter(village_id__in=family_of(villages)).values_list("pk", "code"))
    made, faults = [], []
    for line in lines:
        for part in line.parts:
            ids = behind.pop((part.village, part.group), {})
            where = f"{line.name}（{groups.get(part.group, codes[part.village])}）"
            faults += [f"{where}{column.title}：表上 {figure}，明细 {number}，相差 {figure - number}。" for column, figure, number in miscounted(part.figures, ids, columns)]
            made.append(SnapshotPart(
                position=len(made), line=line.area, village_code=codes[part.village], group_code=groups.get(part.group, ""),
                figures=text_of(part.figures), behind=text_of(ids),
            ))  # fmt: skip
    faults += [f"{codes.get(village, village)}：有 {len(ids.get('households:', ()))} 户的组不在表上。" for (village, _), ids in behind.items()]
    if faults:
        raise WrongState("表上的数字和农户明细对不上，请全部重新汇总后再定稿。", code="table_not_equal", reasons=faults[:FAULTS_SHOWN])
    return made


def _snapshot(
    scope: Scope, level: str, round_: Round, place: Place, columns: tuple[Column, ...], lines: list[Line], head: LedgerHead
) -> Snapshot:
    table = assemble(level, round_, place, columns, lines, as_of=None)
    earlier = Snapshot.objects.filter(round=round_, area_code=place.code)
    last = earlier.order_by("-pk").first()
    body = body_text(table, round_.code, place.code, table.area_name)
    township = place if isinstance(place, Township) else getattr(place, "township", None)
    return Snapshot(
        serial=f"{round_.code}-{place.code}-{earlier.count() + 1:02d}", format=FORMAT, round=round_, level=level, county_id=place.county_id,
        township=township, village=place if isinstance(place, Village) else None, area_code=place.code, area_name=table.area_name,
        rubric_digest=round_.rubric.digest, catalog_version=CATALOG_VERSION, audit_seq=head.audit_seq, feed_seq=head.feed_seq,
        list_seals=_list_seals(round_, place), columns=columns_text(columns), lines=text_of([[line.area, line.name] for line in lines]),
        body=body, digest=digest_of(body), table_digest=table.digest, previous=last.mac if last else "", by_id=scope.actor_id,
        by_name=_name_of(scope), at=timezone.now(),
    )  # fmt: skip


def _list_seals(round_: Round, place: Place) -> list[list[str]]:
    """Seals of the closed meetings that the figures stand on."""
    rows = Sitting.objects.filter(round=round_, village_id__in=family_of(_villages(place))).exclude(list_seal="")
    return [[str(uuid), stage, seal] for uuid, stage, seal in rows.order_by("closed_at", "pk").values_list("uuid", "stage", "list_seal")]


def _name_of(scope: Scope) -> str:
    user = User.objects.filter(pk=scope.actor_id).first() if scope.actor_id else None
    return user.name if user else scope.actor_label


def _seal(snapshot: Snapshot, parts: list[SnapshotPart]) -> None:
    for part in parts:
        part.digest = part_digest(part)
    snapshot.mac = seal_mac(sealed_text(snapshot, [part.digest for part in parts]).encode())
    snapshot.save(force_insert=True)
    for part in parts:
        part.snapshot = snapshot
    SnapshotPart.objects.bulk_create(parts, batch_size=INSERT_BATCH)


def _audit(act: Act, snapshot: Snapshot, place: Place) -> None:
    act.audit(
        "snapshot", snapshot.serial, place=place, round=snapshot.round.code, level=snapshot.level, digest=snapshot.digest,
        feed_seq=snapshot.feed_seq, lists=len(snapshot.list_seals),
    )  # fmt: skip
    act.feed("snapshot", snapshot.serial, place=place)
