"""What may come in as a scan, and what is kept of it (trust 13, N7)."""

import io
import random

import pytest
from PIL import Image

from core.errors import BadInput
from core.uploads.scans import JPEG, LONGEST_SIDE, MAX_BYTES, PDF, PNG, clean
from tests.core.scan_files import MINIMAL_PDF, PLACE, archive, bomb, drawing, packed, pdf, photo

# Pillow warns of what we refuse or throw away.
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]

HEIC = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 64


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("content", [photo(), drawing()], ids=["jpeg", "png"])
def test_a_photo_is_kept_without_the_place_and_words_its_camera_wrote_into_it(content):
    """trust 13: EXIF, GPS, comment, profile."""
    kept = clean(content).content
    assert PLACE.encode() in content
    assert PLACE.encode() not in kept and b"Exif" not in kept and b"PHONE" not in kept
    assert not opened(kept).getexif() and "comment" not in opened(kept).info


def test_a_photo_taken_upright_is_kept_upright():
    picture = opened(clean(photo((640, 480), orientation=6)).content)
    assert picture.size == (480, 640)


def test_a_large_photo_is_kept_small_enough_to_send():
    picture = opened(clean(photo((5000, 3000))).content)
    assert max(picture.size) == LONGEST_SIDE and picture.size == (2400, 1440)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_that_a_scanner_writes_is_taken(mode):
    scan = clean(drawing(mode=mode))
    assert scan.media_type == PNG and opened(scan.content).mode in ("L", "RGB")


def test_what_shines_through_a_png_is_white_not_black():
    kept = clean(drawing(mode="RGBA")).content
    assert opened(kept).getpixel((0, 0)) == (255, 255, 255)


def test_a_pdf_is_kept_to_the_byte():
    assert clean(MINIMAL_PDF).content == MINIMAL_PDF
    assert clean(MINIMAL_PDF).media_type == PDF


def test_a_photo_with_the_wrong_name_is_known_by_its_bytes():
    assert clean(photo()).media_type == JPEG


REFUSED = {
    "empty": (b"", "空的"),
    "too-large": (photo() + b"\x00" * MAX_BYTES, "10 MB"),
    "bomb": (bomb(), "4000 万点"),
    "bomb-beyond-pillow": (bomb(20_000), "4000 万点"),
    "heic": (HEIC, "HEIC"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "SVG"),
    "svg-with-prologue": (b"<?xml version='1.0'?><svg/>", "SVG"),
    "html": (b"\n<html><script>1</script></html>", "网页"),
    "docx": (archive(), "Word"),
    "gif": (b"GIF89a" + b"\x00" * 40, "只收"),
    "exe": (b"MZ" + b"\x00" * 40, "只收"),
    "jpeg-and-zip": (photo() + archive(), "夹带"),
    "png-and-zip": (drawing() + archive(), "夹带"),
    "jpeg-and-pdf": (photo()[:2] + b"\xff\xfe\x00\x10%PDF-1.4 ......" + photo()[2:], "夹带"),
    "jpeg-and-page": (photo()[:2] + b"\xff\xfe\x00\x12<script>alert(1)" + photo()[2:], "夹带"),
    "cut-jpeg": (photo()[:900], "不完整"),
    "cut-png": (drawing((400, 400))[:120], "不完整"),
    "head-only": (b"\xff\xd8\xff\xe0", "不完整"),
    "pdf-and-zip": (MINIMAL_PDF + archive(), "夹带"),
    "pdf-and-more": (MINIMAL_PDF + b"<html>", "夹带"),
    "pdf-not-at-the-start": (b"\n\n" + MINIMAL_PDF, "认不出"),
    "pdf-cut": (MINIMAL_PDF[:40], "不完整"),
    "pdf-script": (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "程序"),
    "pdf-script-escaped": (pdf(b"<< /S /J#61va#53cript >>"), "程序"),
    "pdf-launch": (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "程序"),
    "pdf-attachment": (pdf(b"<< /Type /EmbeddedFile >>"), "附件"),
    "pdf-attachments": (pdf(b"<< /EmbeddedFiles 5 0 R >>"), "附件"),
    "pdf-locked": (pdf(b"<< /Encrypt 9 0 R >>"), "密码"),
    "pdf-packed-script": (packed(b"5 0 << /S /JavaScript >>"), "程序"),
    "pdf-packed-bomb": (packed(b"\x00" * 30_000_000), "过大"),
    "pdf-packed-nonsense": (pdf(b"<< /Type /ObjStm >>\nstream\nnot packed\nendstream"), "读不懂"),
}


@pytest.mark.parametrize(("content", "word"), REFUSED.values(), ids=REFUSED)
def test_a_clerk_is_told_why_a_file_is_not_taken(content, word):
    """trust 13: size, points, HEIC, SVG, two files in one, a PDF that can run something."""
    with pytest.raises(BadInput) as refused:
        clean(content)
    assert word in refused.value.message and refused.value.fields == {"file": [refused.value.message]}


def test_a_pdf_with_packed_but_harmless_objects_is_taken():
    assert clean(packed(b"5 0 << /Type /Page >>")).media_type == PDF


def test_a_pdf_with_names_that_only_begin_like_bad_ones_is_taken():
    assert clean(pdf(b"<< /LaunchPad 1 /JavaScripter 2 /Encrypted 3 >>")).media_type == PDF


@pytest.mark.parametrize("start", [photo((80, 60)), drawing()], ids=["jpeg", "png"])
def test_a_damaged_picture_is_taken_or_refused_but_never_breaks_the_page(start):
    dice = random.Random(13)
    for _ in range(300):
        content = bytearray(start)
        for _ in range(dice.randint(1, 6)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        try:
            clean(bytes(content))
        except BadInput:
            continue
