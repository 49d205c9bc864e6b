"""Photos per look: kept, opened, taken away (trust 13, 26, 28, 29; decision 38)."""

import contextlib
import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import BinaryIO

from django.utils import timezone

from assessment import masking
from assessment.models import LookPhoto, Round
from assessment.selectors_photos import MOST, may_keep, may_remove, may_see, photos_of, why_closed
from assessment.shots import LONGEST_CAPTION, LONGEST_REASON, Shot
from core.actions import Origin, acting, lock, record, refusals_recorded
from core.errors import BadInput, Denied, NotFound, WrongState
from core.scope import Scope
from core.text import clean_line
from core.uploads import pictures, scans, store
from core.uploads.pictures import Picture
from households.models import Household

LATITUDES, LONGITUDES = (Decimal(-90), Decimal(90)), (Decimal(-180), Decimal(180))
CLOCKS_DIFFER = timedelta(minutes=10)


def add_photo(
    *, scope: Scope, household_code: str, round_code: str, look: str, file: BinaryIO, shot: Shot | None = None,
    origin: Origin | None = None,
) -> LookPhoto:  # fmt: skip
    """Keep a photo of one look, written anew, with its thumbnail; the files are on the disk before the row is committed.

    The same picture again in the same look is the same row, so a form sent twice needs no key. Raises NotFound, Denied, BadInput (look, file, caption, time, place) and
    WrongState (a closed round, a locked household, MOST photos), DiskFull.
    """
    shot = shot or Shot()
    with refusals_recorded(scope, "photo.add", origin, household_code):
        household, round_ = _find(scope, household_code, round_code)  # the right comes before the work of decoding
        _check(round_, look, shot)
        content = file.read(scans.MAX_BYTES + 1)
        picture = pictures.picture_of(content)
        shot = _completed(shot, content)
        with store.kept(picture.content), store.kept(picture.thumb):
            return _add(scope, household.code, round_.code, look, picture, shot, origin)


def _add(
    scope: Scope, household_code: str, round_code: str, look: str, picture: Picture, shot: Shot, origin: Origin | None
) -> LookPhoto:
    sha256 = store.digest_of(picture.content)
    with acting(scope, "photo.add", origin) as act:
        household, round_ = _find(scope, household_code, round_code, locked=True)
        others = photos_of(household, round_, look)
        row = others.filter(sha256=sha256).first()
        if row is None:
            if others.count() >= MOST:
                raise WrongState(f"这一看已有 {MOST} 张照片，不能再传。请先移除不要的。", code="too_many_photos")
            row = _row(scope, household, round_, look, picture, sha256, shot)
            row.save()
            act.audit("photo", str(row.uuid), place=row, round=round_.code, look=look, sha256=sha256, size=row.size)
    return row


def _row(scope: Scope, household: Household, round_: Round, look: str, picture: Picture, sha256: str, shot: Shot) -> LookPhoto:
    return LookPhoto(
        round=round_, household=household, county_id=household.county_id, township_id=household.township_id, village_id=household.village_id,
        look=look, caption=clean_line(shot.caption), sha256=sha256, thumb_sha256=store.digest_of(picture.thumb), media_type=picture.media_type,
        size=len(picture.content), width=picture.width, height=picture.height, taken_at=shot.taken_at, latitude=shot.latitude,
        longitude=shot.longitude, by_id=scope.actor_id, at=timezone.now(),
    )  # fmt: skip


def remove_photo(*, scope: Scope, photo: str, reason: str, origin: Origin | None = None) -> LookPhoto:
    """Take a photo out of the form: the row stays with who, when and why, the files go unless another row names them.

    Raises NotFound, Denied, BadInput (reason), WrongState (already removed, or the form can no longer change).
    """
    said = clean_line(reason)
    with acting(scope, "photo.remove", origin) as act:
        found = _photo(scope, photo)
        household = lock(Household.objects.visible_to(scope), pk=found.household_id)
        row = lock(LookPhoto.objects.filter(household=household), pk=found.pk)
        if not may_remove(scope, household, row):
            raise Denied
        if row.removed_at:
            raise WrongState("这张照片已经移除。", code="photo_removed")
        if closed := why_closed(scope, household, found.round):
            raise WrongState(closed, code="photos_closed")
        if not said or len(said) > LONGEST_REASON or masking.scan(said):
            message = f"请写明移除的原因，最多 {LONGEST_REASON} 字，不要写证件号码、电话和病情。"
            raise BadInput("照片没有移除。", fields={"reason": [message]})
        row.removed_by_id, row.removed_at, row.removed_reason = scope.actor_id, timezone.now(), said
        row.save(update_fields=["removed_by", "removed_at", "removed_reason"])
        act.audit("photo", str(row.uuid), place=row, round=found.round.code, look=row.look, sha256=row.sha256)
    for sha256 in (row.sha256, row.thumb_sha256):
        store.let_go(sha256)
    return row


def open_photo(*, scope: Scope, photo: str, origin: Origin | None = None) -> tuple[LookPhoto, bytes]:
    """The row and the bytes of the picture, compared with the hash; the reading is audited (trust 29, L1)."""
    with refusals_recorded(scope, "photo.read", origin, photo):
        row, content = _opened(scope, photo, thumb=False)
    record(scope, "photo.read", origin, "photo", photo, place=row, look=row.look, sha256=row.sha256)
    return row, content


def open_thumb(*, scope: Scope, photo: str) -> bytes:
    """The small picture. The page that shows it has audited the reading, once for all that it shows."""
    return _opened(scope, photo, thumb=True)[1]


def photo_of(scope: Scope, household_code: str, photo: str) -> LookPhoto:
    """A photo of the household that the caller may see. Raises NotFound (also for one that was removed) and Denied."""
    row = _shown(scope, photo)
    if row.household.code != household_code:
        raise NotFound
    return row


def _opened(scope: Scope, photo: str, *, thumb: bool) -> tuple[LookPhoto, bytes]:
    row = _shown(scope, photo)
    return row, store.fetch(row.thumb_sha256 if thumb else row.sha256)


def _shown(scope: Scope, photo: str) -> LookPhoto:
    row = _photo(scope, photo)
    if not may_see(scope, row.household):
        raise Denied("照片可能拍到家里的人，您的岗位不能查看。")
    if row.removed_at:
        raise NotFound("这张照片已经移除。")
    return row


def _photo(scope: Scope, photo: str) -> LookPhoto:
    """In the caller's area by the photo's place and by where the household is now."""
    with contextlib.suppress(ValueError):
        rows = LookPhoto.objects.filter(uuid=uuid.UUID(photo), household__in=Household.objects.visible_to(scope))
        if row := rows.select_related("household__county", "household__township", "household__village", "household__group", "round__rubric", "village", "by").first():
            return row
    raise NotFound


def _find(scope: Scope, household_code: str, round_code: str, *, locked: bool = False) -> tuple[Household, Round]:
    """Household and round, if the caller may add a photo now. Raises NotFound, Denied, WrongState."""
    rows = Household.objects.visible_to(scope)
    household = lock(rows, code=household_code) if locked else rows.filter(code=household_code).first()
    if household is None:
        raise NotFound
    rounds = Round.objects.visible_to(scope).select_related("rubric")
    round_ = rounds.filter(code=round_code, county_id=household.county_id).first()
    if round_ is None:
        raise NotFound
    if not may_keep(scope, household, round_):
        raise Denied
    if closed := why_closed(scope, household, round_):
        raise WrongState(closed, code="photos_closed")
    return household, round_


def _check(round_: Round, look: str, shot: Shot) -> None:
    faults: dict[str, list[str]] = {}
    if look not in {known.code for known in round_.rubric.value.looks}:
        faults["look"] = ["请选择是哪一看的照片。"]
    caption = clean_line(shot.caption)
    if len(caption) > LONGEST_CAPTION:
        faults["caption"] = [f"说明最多 {LONGEST_CAPTION} 字。"]
    elif masking.scan(caption):
        faults["caption"] = ["说明里不要写证件号码、电话和病情。"]
    if shot.taken_at and shot.taken_at > timezone.now() + CLOCKS_DIFFER:
        faults["taken_at"] = ["拍摄时间不能晚于现在。"]
    if (shot.latitude is None) != (shot.longitude is None):
        faults["latitude"] = ["纬度和经度要么都填，要么都不填。"]
    for name, value, (low, high) in (("latitude", shot.latitude, LATITUDES), ("longitude", shot.longitude, LONGITUDES)):
        if value is not None and not (value.is_finite() and low <= value <= high):
            faults[name] = [f"须在 {low} 至 {high} 度之间。"]
    if faults:
        raise BadInput("照片没有保存。", fields=faults)


def _completed(shot: Shot, content: bytes) -> Shot:
    """What was typed counts; the rest comes from the file, if the surveyor wants it kept. A time to come is a camera's wrong clock."""
    taken = pictures.taken_of(content) if shot.keep else pictures.Taken()
    at = timezone.make_aware(taken.at) if taken.at else None
    if at and at > timezone.now() + CLOCKS_DIFFER:
        at = None
    typed = shot.latitude is not None
    place = (shot.latitude, shot.longitude) if typed else (taken.latitude, taken.longitude)
    latitude, longitude = (None if value is None else value.quantize(pictures.PLACES) for value in place)
    return Shot(shot.caption, shot.keep, shot.taken_at or at, latitude, longitude)


def damaged_photos() -> Iterator[str]:
    """Ids of photos whose picture or thumbnail is gone or is no longer what was registered (trust 29)."""
    for row in LookPhoto.objects.filter(removed_at__isnull=True).order_by("pk").iterator(chunk_size=500):
        try:
            store.fetch(row.sha256)
            store.fetch(row.thumb_sha256)
        except WrongState:
            yield str(row.uuid)
