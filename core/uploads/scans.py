"""What an uploaded scan or photo must be, and what is kept of it (trust 13, N7). Bytes in, bytes or a Chinese reason out. Pure.

A photo is decoded and written anew: EXIF, place of taking, comments and anything hidden behind the picture do not survive. A PDF is kept
as it is, because a signature may hang on its bytes; therefore one that can run, fetch or carry something is refused.
"""

import io
import re
import struct
import threading
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps

from core.errors import BadInput

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2400
JPEG_QUALITY = 85
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
SUFFIXES = {PDF: "pdf", JPEG: "jpg", PNG: "png"}

_HEAD, _ZIP_TAIL = 1024, 65_557  # where readers look for a PDF's first line and for a zip's directory
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
_MARKUP = re.compile(rb"<(?:svg|html|script|!doctype|\?xml)", re.I)
_SCRIPT = re.compile(rb"<(?:svg|html|script)", re.I)  # a camera's own notes may be XML
_ONLY, _ONLY_PHOTOS = "只收 PDF、JPEG、PNG 三种文件。", "只收 JPEG、PNG 照片。"
_DECODING = threading.Lock()  # forty million points need up to 380 MB: one at a time in a process
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, struct.error)


def _name(word: str) -> str:
    """A PDF name's pattern; any of its letters may be written as #xx."""
    return "/" + "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word) + "(?![A-Za-z0-9_.-])"


# What starts a program or a script, sends, or carries another file. Short names (/JS) would turn up in pictures by chance, and
# /JavaScript always stands beside them; /OpenAction alone only turns to a page.
_ACTIVE = ("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "SubmitForm", "ImportData")
_ACTIVE_NAME = re.compile("|".join(map(_name, _ACTIVE)).encode())
_ENCRYPTED = re.compile(_name("Encrypt").encode())
_OBJECTS = re.compile(rb"(?s)" + _name("ObjStm").encode() + rb".{0,600}?stream\r?\n")
_MAX_OBJECTS = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scan:
    """What is stored."""

    media_type: str
    content: bytes


def clean(content: bytes, *, photo: bool = False) -> Scan:
    """The file as it is kept; with `photo` a picture and nothing else. Raises BadInput that says what is wrong and what to do."""
    if not content:
        raise _refused("文件是空的，请重新选择。")
    if len(content) > MAX_BYTES:
        raise _refused(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请压缩或分成几份上传。")
    kind = _kind_of(content, _ONLY_PHOTOS if photo else _ONLY)
    if kind == PDF and photo:
        raise _refused(f"这是 PDF，不是照片。{_ONLY_PHOTOS}")
    if kind == PDF:
        _check_pdf(content)
        return Scan(PDF, content)
    _refuse_polyglot(content)
    with _DECODING:
        return Scan(kind, _written_anew(content, kind))


def _refused(message: str) -> BadInput:
    return BadInput(message, code="bad_file", fields={"file": [message]})


def _kind_of(content: bytes, only: str) -> str:
    """By the first bytes, never by the name."""
    for start, kind in ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG)):
        if content.startswith(start):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise _refused("这是 HEIC 照片，收不了。请在手机“设置—相机—格式”里选“兼容性最佳”后重拍，或另存为 JPEG 再上传。")
    if content.startswith((b"GIF8", b"RIFF")):
        raise _refused(f"这是 GIF、WebP 或视频，收不了，请拍成普通照片再上传。{only}")
    if content.startswith(b"PK\x03\x04"):
        raise _refused(f"这是 Word、Excel 或压缩文件，收不了。请打印成 PDF、扫描或拍照。{only}")
    if _MARKUP.search(content[:_HEAD]):
        raise _refused(f"这是网页或 SVG 图形，收不了。{only}")
    raise _refused(f"认不出这个文件。{only}")


def _refuse_polyglot(content: bytes) -> None:
    """A file that is two things at once is made on purpose; no camera or scanner writes one."""
    if b"%PDF-" in content[:_HEAD] or b"PK\x05\x06" in content[-_ZIP_TAIL:] or _SCRIPT.search(content[:_HEAD]):
        raise _refused("文件里夹带了别的内容，收不了。请重新拍照或扫描。")


def _written_anew(content: bytes, kind: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise _refused(
                    f"图片有 {opened.width}×{opened.height} 点，超过 {MAX_PIXELS // 10_000} 万点，请缩小后再上传。"
                )
            if opened.format == "PNG" and getattr(opened, "is_animated", False):
                raise _refused("这是会动的图片，收不了，请上传单张照片。")
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded at a fraction of its size
            picture = _bare(opened)
    except Image.DecompressionBombError as fault:
        raise _refused(f"图片的点数超过 {MAX_PIXELS // 10_000} 万点，请缩小后再上传。") from fault
    except _BROKEN as fault:
        raise _refused("图片打不开或不完整，请重新拍照或扫描。") from fault
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=JPEG_QUALITY) if kind == JPEG else picture.save(written, "PNG")
    return written.getvalue()


def _bare(opened: Image.Image) -> Image.Image:
    """The points alone, upright, small enough, on white; nothing of the file's notes comes along."""
    ImageOps.exif_transpose(opened, in_place=True)
    picture = _plain(opened)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("L" if picture.mode == "L" else "RGB", picture.size, "white")
    bare.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return bare


def _plain(picture: Image.Image) -> Image.Image:
    """In one of three modes: L, RGB, RGBA."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256))  # sixteen bits a point
    if "A" in picture.getbands() or "transparency" in picture.info:
        mode = "RGBA"
    else:
        mode = "L" if picture.mode in ("1", "L", "I") else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _check_pdf(content: bytes) -> None:
    """A byte scan for names, also in the packed objects, where newer writers put them."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise _refused("PDF 不完整，请重新扫描或导出。")
    if content[end + 5 :].strip(b"\r\n\t \x00") or b"PK\x05\x06" in content[-_ZIP_TAIL:]:
        raise _refused("文件里夹带了别的内容，收不了。请重新扫描或导出 PDF。")
    if _ENCRYPTED.search(content):
        raise _refused("PDF 设了密码或限制，日后可能打不开。请去掉密码后再上传。")
    if any(_ACTIVE_NAME.search(part) for part in (content, *_packed_objects(content))):
        raise _refused("PDF 里带有程序、附件或可提交的表单，收不了。请用“打印为 PDF”重新生成，或上传扫描件。")


def _packed_objects(content: bytes) -> list[bytes]:
    """What is in the PDF's object streams, unpacked within a limit."""
    parts, left = [], _MAX_OBJECTS
    for found in _OBJECTS.finditer(content):
        try:
            part = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error as fault:
            raise _refused("PDF 里有读不懂的部分，收不了。请用“打印为 PDF”重新生成，或上传扫描件。") from fault
        left -= len(part)
        if left <= 0:
            raise _refused("PDF 内部过大，收不了。请用“打印为 PDF”重新生成，或上传扫描件。")
        parts.append(part)
    return parts
