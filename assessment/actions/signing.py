"""第三签字: the households of a group that signed for the result of its meeting, by name, with the scan of their sheet (B-19, B-26).

Insert-only, as every signature is (B-16). Totals are counted from the names; nobody types one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.utils import timezone

from accounts import roles
from assessment import clock
from assessment.models import Round, RoundStatus, Signature, Signing
from assessment.selectors_signing import households_of
from core.actions import Origin, acting, lock, once, record, refusals_recorded
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.scope import FieldClass, Scope
from core.text import clean_name
from core.uploads import scans, store
from households.models import Household
from villages.models import VillagerGroup

MOST_NAMES, MOST_SHEETS = 500, 40
NAMED = 5


@dataclass(frozen=True, slots=True)
class Named:
    """A household on the sheet: of the register, or by the name of its head alone."""

    name: str
    household: Household | None = None


def add_signing(
    *, scope: Scope, round_code: str, group_code: str, signed_on: date | None, households: Sequence[str], names: str, file: BinaryIO, key: str = "",
    origin: Origin | None = None,
) -> Signing:  # fmt: skip
    """Keep one signed sheet. `households` are codes of the group's households on file, `names` one head a line for all others.

    A name that is a head on file is that household; twice on the sheet is once. The same scan again is the same sheet.
    Raises NotFound, Denied, BadInput (signed_on, households, names, file), WrongState (closed round, too many sheets).
    """
    with refusals_recorded(scope, "signing.add", origin, group_code):
        round_of_group(scope, round_code, group_code)  # the right comes before the work of decoding
        scan = scans.clean(file.read(scans.MAX_BYTES + 1))
        wanted = [round_code, group_code, str(signed_on), sorted(households), names, store.digest_of(scan.content)]
        with store.kept(scan.content):
            try:
                with acting(scope, "signing.add", origin) as act:
                    round_, group = round_of_group(scope, round_code, group_code, locked=True)
                    remember = once(scope, "signing.add", key, wanted)
                    _check_day(round_, signed_on)
                    named = _named(round_, group, households, names)
                    row = _sheet(scope, round_, group, signed_on, scan)
                    known = _twin(row)
                    if known is None:
                        row.save()
                        Signature.objects.bulk_create([Signature(signing=row, household=one.household, name=one.name) for one in named])
                        act.audit(
                            "signing", str(row.uuid), place=group.village, round=round_.code, group=group.name, households=len(named),
                            day=signed_on, sha256=row.sha256, size=row.size,
                        )  # fmt: skip
                    row = known or row
                    remember(str(row.uuid))
            except Replayed as earlier:
                return Signing.objects.visible_to(scope).get(uuid=earlier.object_code)
    return row


def open_signing(*, scope: Scope, signing: str, origin: Origin | None = None) -> tuple[Signing, bytes]:
    """The row and its bytes, compared with the hash first; the reading is audited."""
    with refusals_recorded(scope, "signing.read", origin, signing):
        row = Signing.objects.visible_to(scope).select_related("village", "group", "round").filter(uuid=signing).first()
        if row is None:
            raise NotFound
        if not scope.may_see(FieldClass.HEALTH, row):
            raise Denied("签字表上有农户的签名和手印，您的岗位不能查看。")
        content = store.fetch(row.sha256)
    record(scope, "signing.read", origin, "signing", signing, place=row, round=row.round.code, group=row.group.name, sha256=row.sha256)
    return row, content


def round_of_group(scope: Scope, round_code: str, group_code: str, *, locked: bool = False) -> tuple[Round, VillagerGroup]:
    """Both in the caller's area, the caller allowed to sign there now. Two sheets of a group at once stand in line."""
    groups = VillagerGroup.objects.visible_to(scope).select_related("village")
    group = lock(groups, code=group_code) if locked else groups.filter(code=group_code).first()
    if group is None:
        raise NotFound
    round_ = Round.objects.visible_to(scope).filter(code=round_code, county_id=group.village.county_id).first()
    if round_ is None:
        raise NotFound
    if not scope.may(roles.PAPER_SIGN, group.village):
        raise Denied
    if round_.status != RoundStatus.OPEN:
        raise WrongState(f"{round_.name}已经结束，不再登记签字。", code="round_closed")
    return round_, group


def _check_day(round_: Round, signed_on: date | None) -> None:
    fault = ""
    if signed_on is None:
        fault = "请填签字日期。"
    elif signed_on > timezone.localdate(clock.now()):
        fault = "签字日期不能晚于今天。"
    elif signed_on < timezone.localdate(round_.opened_at):
        fault = f"本批次 {timezone.localdate(round_.opened_at):%Y-%m-%d} 才开启，签字日期不能早于这一天。"
    if fault:
        raise BadInput("签字表没有保存。", fields={"signed_on": [fault]})


def _named(round_: Round, group: VillagerGroup, codes: Sequence[str], names: str) -> list[Named]:
    """Every household once, in the order of the register, then the others as typed."""
    on_file = list(households_of(group))
    by_code = {household.code: household for household in on_file}
    if unknown := [code for code in codes if code not in by_code]:
        raise BadInput("签字表没有保存。", fields={"households": [f"有 {len(unknown)} 户不在本组，请刷新页面重选。"]})
    ticked = set(codes)
    others, faults = _others(on_file, ticked, names)
    if faults:
        raise BadInput("签字表没有保存，请改正户主姓名。", fields={"names": faults})
    named = [Named(household.head_name, household) for household in on_file if household.code in ticked] + others
    if not named:
        raise BadInput("签字表没有保存。", fields={"households": ["请勾选签了字的农户，或写户主姓名。"]})
    return named


def _others(on_file: Sequence[Household], ticked: set[str], names: str) -> tuple[list[Named], list[str]]:
    """Names that are no household on file; those that are one are ticked."""
    lines = [line for line in names.splitlines() if line.strip()]
    if len(lines) > MOST_NAMES:
        return [], [f"一张表最多写 {MOST_NAMES} 户。"]
    heads: dict[str, list[Household]] = {}
    for household in on_file:
        heads.setdefault(_spelled(household.head_name), []).append(household)
    others: dict[str, Named] = {}
    faults = []
    for number, line in enumerate(lines, 1):
        try:
            name = clean_name(line)
        except ValueError as fault:
            faults.append(f"第 {number} 行：{fault}")
            continue
        found = heads.get(name, [])
        if len(name) > Signature._meta.get_field("name").max_length:
            faults.append(f"第 {number} 行：姓名太长，一行写一户。")
        elif len(found) > 1 and not any(household.code in ticked for household in found):
            faults.append(f"第 {number} 行：本组有 {len(found)} 户户主叫{name}，请在上面勾选是哪一户。")
        elif len(found) == 1:
            ticked.add(found[0].code)
        elif not found:
            others[name] = Named(name)
    return list(others.values()), faults[:NAMED]


def _spelled(name: str) -> str:
    try:
        return clean_name(name)
    except ValueError:
        return name


def _sheet(scope: Scope, round_: Round, group: VillagerGroup, signed_on: date, scan: scans.Scan) -> Signing:
    village = group.village
    return Signing(
        round=round_, county_id=village.county_id, township_id=village.township_id, village=village, group=group, signed_on=signed_on,
        sha256=store.digest_of(scan.content), media_type=scan.media_type, size=len(scan.content), by_id=scope.actor_id, at=clock.now(),
    )  # fmt: skip


def _twin(row: Signing) -> Signing | None:
    others = Signing.objects.filter(round=row.round, group=row.group)
    twin = others.filter(sha256=row.sha256).first()
    if twin is None and others.count() >= MOST_SHEETS:
        raise WrongState(f"本组已有 {MOST_SHEETS} 张签字表，不能再传。", code="too_many_files")
    return twin
