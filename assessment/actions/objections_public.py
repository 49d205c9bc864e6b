"""The doors of 异议 that need no account: lodging on the public page, and looking up a receipt number. Both are limited by address."""

from collections.abc import Sequence
from contextlib import ExitStack

from django.utils import timezone

from accounts.scopes import PUBLIC
from assessment import clock
from assessment.actions.objections import Said, check_said, register
from assessment.actions.public_door import WINDOW, within_the_hour
from assessment.actions.public_door import hidden as hidden_from
from assessment.models import Evidence, EvidenceKind, Notice, NoticeLine, Objection, ObjectionChannel, ObjectionWay
from assessment.objections import MOST_PHOTOS, OMITTED
from core.actions import Origin, acting, lock, once
from core.errors import BadInput, NotFound, Replayed, TooOften
from core.models import AuditResult, IdempotencyKey
from core.uploads import scans, store
from households.models import Household

LODGED_BY_ADDRESS, LODGED_ON_NOTICE, LOOKED_UP_BY_ADDRESS = 5, 30, 20
LODGE, READ = "objection.lodge", "objection.read"


def lodge_in_public(
    *, notice: str, kind: str, text: str, position: int | None = None, target: str = "", lodger: str = "", phone: str = "",
    photos: Sequence[bytes] = (), key: str = "", origin: Origin | None = None,
) -> Objection:  # fmt: skip
    """Lodged by anybody while the notice is on show; the household is chosen by its number on that notice. No name = anonymous.

    `notice` is the public token; `photos` are written anew before they are kept, so that nothing but the picture is in them. Raises NotFound (not on show), BadInput, WrongState, TooOften.
    """
    now = clock.now()
    said = Said(kind, text, target, lodger, phone, anonymous=not lodger.strip(), way=ObjectionWay.WEB).cleaned()
    shown = Notice.objects.on_show(now).filter(token=notice).first()
    if shown is None:
        raise NotFound("这份公示已经撤下，或网址不对。")
    check_said(said, named=position is not None and kind != OMITTED, needs_name=False)
    hidden = hidden_from(origin)
    if not _sent_before(key):
        _check_rate(hidden, shown)
    pictures = _pictures(photos)
    body = [notice, position, *said.body(), *(store.digest_of(picture.content) for picture in pictures)]
    try:
        with ExitStack() as files:
            for picture in pictures:  # on the disk before the rows are committed
                files.enter_context(store.kept(picture.content))
            with acting(PUBLIC, LODGE, hidden) as act:
                remember = once(PUBLIC, LODGE, key, body)
                lock(Notice.objects.on_show(now), pk=shown.pk)
                _check_rate(hidden, shown)
                household = None if kind == OMITTED else _on_line(shown, position)
                made = register(act, shown, household, said, now, channel=ObjectionChannel.PUBLIC, by=None)
                _keep(made, pictures)
                remember(made.code)
    except Replayed as earlier:
        return Objection.objects.get(code=earlier.object_code)
    return made


def _pictures(photos: Sequence[bytes]) -> list[scans.Scan]:
    if len(photos) > MOST_PHOTOS:
        raise BadInput("异议没有提交。", fields={"photos": [f"最多 {MOST_PHOTOS} 张照片。"]})
    found = []
    for number, content in enumerate(photos, start=1):
        try:
            found.append(scans.clean(content, photo=True))
        except BadInput as refusal:
            said = [sentence for sentences in refusal.fields.values() for sentence in sentences] or [refusal.message]
            raise BadInput("异议没有提交。", fields={"photos": [f"第 {number} 张：{sentence}" for sentence in said]}) from refusal
    return found


def _keep(objection: Objection, pictures: Sequence[scans.Scan]) -> None:
    """Nobody's name stands on them: they came with the objection."""
    place = {name: getattr(objection, name) for name in ("county_id", "township_id", "village_id")}
    for picture in pictures:
        Evidence.objects.create(
            kind=EvidenceKind.OBJECTION, objection=objection, title="异议人提供的照片", sha256=store.digest_of(picture.content),
            media_type=picture.media_type, size=len(picture.content), at=timezone.now(), **place,
        )  # fmt: skip


def look_up(*, code: str, origin: Origin | None = None) -> Objection:
    """An objection by its receipt number, for its status alone. Every try counts, so that numbers cannot be guessed."""
    hidden = hidden_from(origin)
    if within_the_hour(action=READ, session=hidden.session) >= LOOKED_UP_BY_ADDRESS:
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


def _check_rate(origin: Origin, notice: Notice) -> None:
    on_notice = Objection.objects.filter(
        notice=notice, channel=ObjectionChannel.PUBLIC, lodged_at__gt=clock.now() - WINDOW
    ).count()
    by_address = within_the_hour(action=LODGE, session=origin.session, result=AuditResult.OK)
    if by_address >= LODGED_BY_ADDRESS or on_notice >= LODGED_ON_NOTICE:
        raise TooOften("这一小时提交的异议太多，暂时不能再交。请一小时后再试，或拨打监督举报电话、到受理单位当面说。")


def _sent_before(key: str) -> bool:
    """The same form sent twice is answered with its receipt, also when it was the last one allowed."""
    return bool(key) and IdempotencyKey.objects.filter(route=LODGE, key=key).exists()


def _on_line(notice: Notice, position: int | None) -> Household:
    line = NoticeLine.objects.filter(notice=notice, position=position).select_related("household").first()
    if line is None:
        raise BadInput("异议没有提交。", fields={"household": ["名单上没有这个序号。"]})
    return line.household
