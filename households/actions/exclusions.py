"""排除情形 (D6-02): asked in the household, set aside with a written reason and a paper, confirmed by the township.

None of it is a fact of the household: it does not make its version another, it may go on while the list is locked, and who confirms does
not become a maker (ruling 16). What the facts say is never overwritten by an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.utils import timezone

from accounts import roles
from core.actions import Act, Origin, acting, lock, once, refusals_recorded
from core.errors import BadInput, Denied, NotFound, Replayed, StaleVersion, WrongState
from core.scope import Scope
from core.text import carries_number, clean_block
from core.uploads import scans, store
from households.codes import EXCLUSION
from households.exclusions import Standing, holds, mark
from households.models import Exclusion, Household, Paper, PaperKind, SigningWay
from households.paper_context import context_of
from households.secrets import seal
from households.selectors_exclusions import Line, exclusion_lines, version_of

SHORTEST, LONGEST = 6, 300
MOST_PAPERS = 60
STALE = "这一户的排除情形在您打开之后已有变动。没有保存，请看过再办。"


@dataclass(frozen=True, slots=True)
class Override:
    """Why the household should be listed although the condition holds."""

    condition: str
    reason: str


def ask_exclusions(
    *,
    scope: Scope,
    household: str,
    answers: Mapping[str, bool | None],
    version: int,
    key: str = "",
    origin: Origin | None = None,
) -> Household:
    """Keep what the household answered: code → yes, no, or None = not asked. Conditions that are not named stay as they are.

    Raises NotFound, Denied, BadInput (no such condition), StaleVersion, WrongState (closed household).
    """
    with acting(scope, "exclusion.ask", origin) as act:
        try:
            row = _target(scope, household, roles.EXCLUSION_ASK)
            remember = once(scope, "exclusion.ask", key, [household, sorted(answers.items()), version])
        except Replayed:
            return _visible(scope, household)
        if set(answers) - set(EXCLUSION.items):
            raise BadInput("没有这一种情形。", fields={"code": ["没有这一种情形。"]})
        lines = _lines_at(row, version)
        changed = {code: answer for code, answer in answers.items() if lines[code].asked is not answer}
        for code, answer in changed.items():
            _ask(act, row, lines[code], answer)
        if changed:
            act.audit("exclusion", row.code, place=row, conditions=[mark(code) for code in sorted(changed)])
        remember(row.code)
    return row


def _ask(act: Act, household: Household, line: Line, answer: bool | None) -> None:
    """A condition that no longer holds takes its override with it: when it holds again, it is another case."""
    row = line.row or _row(household, line.code)
    row.asked, row.asked_by_id, row.asked_at = answer, act.scope.actor_id, timezone.now()
    if not holds(line.said, answer):
        _drop_override(row)
    _save(row)


def override_exclusion(
    *,
    scope: Scope,
    household: str,
    entry: Override,
    file: BinaryIO,
    version: int,
    key: str = "",
    origin: Origin | None = None,
) -> Exclusion:
    """原则上不纳入 set aside: a written reason and a paper; it counts once the township has confirmed it.

    Raises NotFound, Denied, BadInput (reason or file, by field), StaleVersion, WrongState (the condition does not hold, closed household).
    """
    with refusals_recorded(scope, "exclusion.override", origin, household):
        _target(scope, household, roles.EXCLUSION_ASK, locked=False)  # the right comes before the work of decoding
        reason = _reason(entry.reason)
        scan = scans.clean(file.read(scans.MAX_BYTES + 1))
    with store.kept(scan.content):
        try:
            with acting(scope, "exclusion.override", origin) as act:
                home = _target(scope, household, roles.EXCLUSION_ASK)
                sha256 = store.digest_of(scan.content)
                remember = once(scope, "exclusion.override", key, [household, entry.condition, reason, sha256, version])
                line = _standing_line(home, entry.condition, version)
                paper = _paper(act, home, line, scan, sha256)
                row = _override(act, home, line, reason, paper)
                remember(str(row.uuid))
        except Replayed as earlier:
            return Exclusion.objects.visible_to(scope).get(uuid=earlier.object_code)
    return row


def _override(act: Act, home: Household, line: Line, reason: str, paper: Paper) -> Exclusion:
    row = line.row or _row(home, line.code)
    _drop_override(row)
    seal(row, "override", reason)
    row.paper, row.overridden_by_id, row.overridden_at = paper, act.scope.actor_id, timezone.now()
    _save(row)
    act.audit("exclusion", home.code, place=home, conditions=[mark(line.code)], sha256=paper.sha256)
    return row


def confirm_override(
    *,
    scope: Scope,
    household: str,
    condition: str,
    agrees: bool,
    note: str,
    version: int,
    key: str = "",
    origin: Origin | None = None,
) -> Household:
    """The township's word on an override; with it the household may be listed, without it not. Not by who asked or wrote the reason.

    Raises NotFound, Denied, BadInput (note), StaleVersion, WrongState (nothing to confirm).
    """
    with acting(scope, "exclusion.confirm", origin) as act:
        try:
            home = _target(scope, household, roles.EXCLUSION_CONFIRM)
            remember = once(scope, "exclusion.confirm", key, [household, condition, agrees, note, version])
        except Replayed:
            return _visible(scope, household)
        line = _standing_line(home, condition, version)
        if line.standing is not Standing.WAITING:
            raise WrongState("这一情形没有待确认的理由。", code="nothing_to_confirm")
        row = line.row
        if act.scope.actor_id in (row.asked_by_id, row.overridden_by_id):
            raise Denied("询问或提出理由的人不能自己确认，请由乡镇另一人确认。")
        seal(row, "confirm_note", _reason(note, "note"))
        row.confirmed, row.confirmed_by_id, row.confirmed_at = agrees, act.scope.actor_id, timezone.now()
        _save(row)
        act.audit("exclusion", home.code, place=home, conditions=[mark(line.code)], opinion="确认列入" if agrees else "不同意列入")
        remember(home.code)
    return home


def _visible(scope: Scope, code: str) -> Household:
    row = Household.objects.visible_to(scope).select_related("village", "township").filter(code=code).first()
    if row is None:
        raise NotFound
    return row


def _target(scope: Scope, code: str, right: str, *, locked: bool = True) -> Household:
    rows = Household.objects.visible_to(scope).select_related("village", "township")
    row = lock(rows, code=code) if locked else _visible(scope, code)
    if not scope.may(right, row):
        raise Denied
    if row.closed_on:
        raise WrongState("这一户已销户。", code="closed")
    return row


def _lines_at(household: Household, version: int) -> dict[str, Line]:
    """The ten as the caller saw them; the household is locked, so nobody writes beside."""
    lines = exclusion_lines(household)
    if version_of(lines) != version:
        raise StaleVersion(STALE)
    return {line.code: line for line in lines}


def _standing_line(household: Household, condition: str, version: int) -> Line:
    line = _lines_at(household, version).get(condition)
    if line is None:
        raise NotFound
    if line.standing in (Standing.CLEAR, Standing.UNKNOWN):
        raise WrongState("这一情形现在不成立，不需要说明。", code="does_not_hold")
    return line


def _reason(text: str, field: str = "reason") -> str:
    said = clean_block(text)
    if not SHORTEST <= len(said) <= LONGEST:
        raise BadInput("没有保存。", fields={field: [f"请写明理由，{SHORTEST} 至 {LONGEST} 字。"]})
    if carries_number(said):
        raise BadInput("没有保存。", fields={field: ["不要写证件号码、电话或银行卡号。"]})
    return said


def _paper(act: Act, home: Household, line: Line, scan: scans.Scan, sha256: str) -> Paper:
    if Paper.objects.filter(household=home).count() >= MOST_PAPERS:
        raise WrongState(f"这一户已有 {MOST_PAPERS} 份材料，不能再传。", code="too_many_files")
    now = timezone.now()
    return Paper.objects.create(
        household=home, county_id=home.county_id, township_id=home.township_id, village_id=home.village_id, kind=PaperKind.EXCLUSION,
        round_code=context_of(home).round_code, household_version=home.version, signed_on=timezone.localdate(now), signer_name=act.scope.actor_label,
        way=SigningWay.SCAN, title=EXCLUSION.label(line.code)[:64], sha256=sha256, media_type=scan.media_type, size=len(scan.content),
        by_id=act.scope.actor_id, at=now,
    )  # fmt: skip


def _row(home: Household, code: str) -> Exclusion:
    return Exclusion(
        household=home,
        county_id=home.county_id,
        township_id=home.township_id,
        village_id=home.village_id,
        code=code,
        version=0,
    )


def _drop_override(row: Exclusion) -> None:
    row.override_enc, row.paper, row.overridden_by_id, row.overridden_at = "", None, None, None
    row.confirmed, row.confirmed_by_id, row.confirmed_at, row.confirm_note_enc = None, None, None, ""


def _save(row: Exclusion) -> None:
    row.version += 1
    row.save()
