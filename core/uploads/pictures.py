"""A photo ready to keep: the picture written anew, a thumbnail of it, and, if asked for, when and where it was taken. Pure."""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from PIL import Image

from core.uploads import scans

THUMB_SIDE = 320
THUMB_QUALITY = 78
PLACES = Decimal("0.00001")  # about a metre
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _CHANGED = 0x9003, 0x0132  # DateTimeOriginal, DateTime
_EARLIEST = 2000  # a camera whose clock was never set says 1970 or 1980


@dataclass(frozen=True, slots=True)
class Picture:
    """`thumb` is a JPEG of at most 320 points a side."""

    media_type: str
    content: bytes
    thumb: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a camera wrote. `at` is the camera's clock, without a zone; the two parts of a place are both there or neither is."""

    at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def picture_of(content: bytes) -> Picture:
    """The photo as it is kept. Raises BadInput that says what is wrong with the file and what to do."""
    scan = scans.clean(content, photo=True)
    with Image.open(io.BytesIO(scan.content), formats=("JPEG", "PNG")) as opened:
        width, height = opened.size
        small = opened.convert("L" if opened.mode == "L" else "RGB")
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    written = io.BytesIO()
    small.save(written, "JPEG", quality=THUMB_QUALITY, optimize=True)
    return Picture(scan.media_type, scan.content, written.getvalue(), width, height)


def taken_of(content: bytes) -> Taken:
    """Time and place from the EXIF of a file as it came; nonsense in it is the same as nothing, never an error."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
            exif = opened.getexif()
            own, gps = dict(exif.get_ifd(_EXIF)), dict(exif.get_ifd(_GPS))
            at = _time_of(own.get(_TAKEN) or exif.get(_CHANGED))
    except Exception:  # noqa: BLE001 - any field of a made-up EXIF may make the decoder fail in its own way
        return Taken()
    latitude, longitude = _degrees(gps, 1, 2, "S", 90), _degrees(gps, 3, 4, "W", 180)
    if latitude is None or longitude is None or latitude == longitude == 0:
        return Taken(at)
    return Taken(at, latitude, longitude)


def _time_of(text: object) -> datetime | None:
    try:
        at = datetime.strptime(str(text).strip("\x00 ")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - a camera's clock has no zone
    except ValueError:
        return None
    return at if at.year >= _EARLIEST else None


def _degrees(gps: Mapping[int, object], side: int, parts: int, negative: str, most: int) -> Decimal | None:
    """Degrees, minutes and seconds as one number; None for what is not one."""
    try:
        degrees, minutes, seconds = (float(part) for part in gps[parts])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    whole = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(whole) or min(degrees, minutes, seconds) < 0 or minutes >= 60.001 or seconds >= 60.001 or whole > most:
        return None
    value = Decimal(repr(whole)).quantize(PLACES)
    return -value if str(gps.get(side, "")).strip("\x00 ").upper() == negative else value
