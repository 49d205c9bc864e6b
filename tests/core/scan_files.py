"""Scans and photos for tests, good ones and those that must not come in."""

import io
import zipfile
import zlib

from PIL import Image, PngImagePlugin

PLACE = "BYTES-OF-A-PLACE"
MINIMAL_PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def photo(size: tuple[int, int] = (640, 480), orientation: int = 1) -> bytes:
    """A JPEG as a phone writes it: camera, words and the place of taking in its EXIF, a comment beside."""
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x010F] = orientation, PLACE, "PHONE"
    exif.get_ifd(0x8825)[2] = (29.0, 30.0, 31.0)
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif, comment=PLACE.encode(), icc_profile=PLACE.encode())
    return written.getvalue()


def drawing(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", PLACE)
    written = io.BytesIO()
    Image.new(mode, size).save(written, "PNG", pnginfo=notes)
    return written.getvalue()


def bomb(side: int = 12_000) -> bytes:
    """A PNG of a few kilobytes whose points would fill the memory."""
    written = io.BytesIO()
    Image.new("1", (side, side)).save(written, "PNG")
    return written.getvalue()


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as book:
        book.writestr("word/document.xml", "<w/>")
    return written.getvalue()


def pdf(inside: bytes = b"") -> bytes:
    return MINIMAL_PDF.replace(b"trailer", inside + b"\ntrailer")


def packed(inside: bytes) -> bytes:
    """A PDF that keeps the words in a packed object stream."""
    body = zlib.compress(inside)
    return pdf(
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n" + body + b"\nendstream\nendobj"
    )
