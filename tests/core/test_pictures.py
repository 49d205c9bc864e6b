"""Photos written anew: what stays of them, what their EXIF says when it is asked, and what is refused with a reason."""

import io
import struct
import zlib
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import BadInput
from core.uploads.pictures import Taken, picture_of, taken_of
from core.uploads.scans import MAX_BYTES
from tests.core.scan_files import MINIMAL_PDF, PLACE, archive, bomb, photo


def shot(taken: object = "2016:04:11 09:30:00", gps: dict | None = None, size=(640, 480)) -> bytes:
    """A JPEG with the time and place of taking, as given."""
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken
    for tag, value in (gps or {}).items():
        exif.get_ifd(0x8825)[tag] = value
    written = io.BytesIO()
    Image.new("RGB", size, "green").save(written, "JPEG", exif=exif)
    return written.getvalue()


def header_of(width: int, height: int) -> bytes:
    """A JPEG cut behind a head that claims so many points."""
    return b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9"


def moving() -> bytes:
    written = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    return written.getvalue()


def gif() -> bytes:
    written = io.BytesIO()
    Image.new("P", (9, 9)).save(written, "GIF")
    return written.getvalue()


LAIFENG = {1: "N", 2: (29.0, 30.0, 31.0), 3: "E", 4: (109.0, 24.0, 30.0)}
REFUSED = {
    "empty": (b"", "空的"),
    "200 million points": (header_of(20_000, 10_000), "4000 万点"),
    "bomb": (bomb(), "4000 万点"),
    "heic": (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "HEIC"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "SVG"),
    "polyglot": (photo() + archive(), "夹带"),
    "cut": (photo()[:900], "不完整"),
    "moving": (moving(), "会动"),
    "gif": (gif(), "GIF"),
    "pdf": (MINIMAL_PDF, "不是照片"),
    "too large": (photo() + b"\x00" * MAX_BYTES, "10 MB"),
    "bad checksum": (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(13) + struct.pack(">I", zlib.crc32(b"x")), "不完整"),
}


@pytest.mark.parametrize(("content", "word"), REFUSED.values(), ids=REFUSED)
def test_a_cadre_is_told_why_a_photo_is_not_taken(content, word):
    with pytest.raises(BadInput) as refused:
        picture_of(content)
    assert word in refused.value.message and ("PDF、" not in refused.value.message)


def test_a_photo_keeps_its_points_and_nothing_else_with_a_small_thumbnail():
    made = picture_of(photo((1200, 900)))
    for content in (made.content, made.thumb):
        assert PLACE.encode() not in content and not Image.open(io.BytesIO(content)).getexif()
    assert (made.width, made.height) == (1200, 900) and max(Image.open(io.BytesIO(made.thumb)).size) == 320
    assert len(made.thumb) < 20_000 and made.thumb.startswith(b"\xff\xd8\xff")


def test_the_same_photo_is_written_alike_twice():
    assert picture_of(photo()).content == picture_of(photo()).content


def test_time_and_place_are_read_from_a_phones_photo():
    assert taken_of(shot(gps=LAIFENG)) == Taken(datetime(2016, 4, 11, 9, 30), Decimal("29.50861"), Decimal("109.40833"))


@pytest.mark.parametrize(
    ("taken", "gps"),
    [
        ("0000:00:00 00:00:00", {}),
        ("1970:01:01 00:00:00", {2: (91.0, 0.0, 0.0), 4: (109.0, 0.0, 0.0)}),
        ("2016:13:45 99:99:99", {2: (29.0, 99.0, 0.0), 4: (109.0, 0.0, 0.0)}),
        ("不是时间", {2: (29.0,), 4: (109.0, 1.0, 1.0)}),
        ("", {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}),
        (None, {2: (29.0, 1.0, 1.0)}),
    ],
)
def test_nonsense_in_the_exif_is_the_same_as_nothing(taken, gps):
    assert taken_of(shot(taken, gps)) == Taken()


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400))
def test_random_bytes_in_a_photo_are_a_reason_or_nothing_and_never_a_fault(noise, at):
    content = shot(gps=LAIFENG, size=(64, 48))
    made_up = content[:at] + noise + content[at + len(noise) :]
    assert isinstance(taken_of(made_up), Taken)
    with suppress(BadInput):
        assert picture_of(made_up).thumb
