"""The doors of 异议 that need no account: lodging on the public page, and looking up a receipt number.

Both are limited by address, counted on the trail, so that every process counts alike. The trail keeps a keyed mark of the address
that changes with the day, never the address itself: an anonymous objection stays anonymous.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.scopes import PUBLIC
from assessment import clock
from assessment.actions.objections import Said, check_said, register
from assessment.models import Notice, NoticeLine, Objection, ObjectionChannel
from assessment.objections import OMITTED
from core.actions import Origin, acting, lock, once
from core.crypto import blind_index
from core.errors import BadInput, DomainError, NotFound, Replayed
from core.models import AuditResult, AuditRow, IdempotencyKey
from households.models import Household

WINDOW = timedelta(hours=1)
LODGED_BY_ADDRESS, LODGED_ON_NOTICE, LOOKED_UP_BY_ADDRESS = 5, 30, 20
LODGE, READ = "objection.lodge", "objection.read"
MARK = 12


class TooOften(DomainError):
    """More from one address, or on one notice, than people write. Never audited: a flood must not fill the trail."""

    code = "too_often"


def lodge_in_public(
    *, notice: str, kind: str, text: str, position: int | None = None, target: str = "", lodger: str = "", phone: str = "",
    key: str = "", origin: Origin | None = None,
) -> Objection:  # fmt: skip
    """Lodged by anybody while the notice is on show; the household is chosen by its number on that notice. No name = anonymous.

    `notice` is the public token. Raises NotFound (not on show), BadInput, WrongState, TooOften.
    """
    now = clock.now()
    said = Said(kind, text, target, lodger, phone, anonymous=not lodger.strip()).cleaned()
    shown = Notice.objects.on_show(now).filter(token=notice).first()
    if shown is None:
        raise NotFound("这份公示已经撤下，或网址不对。")
    check_said(said, named=position is not None and kind != OMITTED, needs_name=False)
    hidden = _hidden(origin)
    if not _sent_before(key):
        _check_rate(hidden, shown)
    try:
        with acting(PUBLIC, LODGE, hidden) as act:
            remember = once(PUBLIC, LODGE, key, [notice, position, *said.body()])
            lock(Notice.objects.on_show(now), pk=shown.pk)
            _check_rate(hidden, shown)
            household = None if kind == OMITTED else _on_line(shown, position)
            made = register(act, shown, household, said, now, channel=ObjectionChannel.PUBLIC, by=None)
            remember(made.code)
    except Replayed as earlier:
        return Objection.objects.get(code=earlier.object_code)
    return made


def look_up(*, code: str, origin: Origin | None = None) -> Objection:
    """An objection by its receipt number, for its status alone. Every try counts, so that numbers cannot be guessed."""
    hidden = _hidden(origin)
    if _count(action=READ, session=hidden.session) >= LOOKED_UP_BY_ADDRESS:
        raise TooOften("查询太频繁，请一小时后再试，或到受理单位询问。")
    wanted = "".join(code.split()).upper()
    with acting(PUBLIC, READ, hidden) as act:
        objection = (
            Objection.objects.filter(code=wanted).select_related("village").first() if wanted.isascii() else None
        )
        if objection is None:
            raise NotFound("没有这个受理号，请核对后再查。")
        act.audit("objection", objection.code, place=objection)
    return objection


def _hidden(origin: Origin | None) -> Origin:
    came = origin or Origin()
    day = timezone.localdate()
    mark = blind_index(f"{came.ip or 'unknown'} {day:%Y%m%d}", purpose="public-address")
    return Origin(ip="", session=mark.rpartition(".")[2][:MARK], request_id=came.request_id)


def _check_rate(origin: Origin, notice: Notice) -> None:
    on_notice = Objection.objects.filter(
        notice=notice, channel=ObjectionChannel.PUBLIC, lodged_at__gt=clock.now() - WINDOW
    ).count()
    by_address = _count(action=LODGE, session=origin.session, result=AuditResult.OK)
    if by_address >= LODGED_BY_ADDRESS or on_notice >= LODGED_ON_NOTICE:
        raise TooOften("这一小时提交的异议太多，暂时不能再交。请一小时后再试，或拨打监督举报电话、到受理单位当面说。")


def _sent_before(key: str) -> bool:
    """The same form sent twice is answered with its receipt, also when it was the last one allowed."""
    return bool(key) and IdempotencyKey.objects.filter(route=LODGE, key=key).exists()


def _count(**wanted: str) -> int:
    return AuditRow.objects.filter(at__gt=timezone.now() - WINDOW, **wanted).count()


def _on_line(notice: Notice, position: int | None) -> Household:
    line = NoticeLine.objects.filter(notice=notice, position=position).select_related("household").first()
    if line is None:
        raise BadInput("异议没有提交。", fields={"household": ["名单上没有这个序号。"]})
    return line.household
