"""A signature drawn on the screen: what the canvas sends, made a plain small picture, or a Chinese reason. Text in, a scan out. Pure.

The picture is decoded and written anew in grey on white, cut to the ink; an empty or a painted-over canvas is no signature.
"""

import base64
import binascii
import io

from PIL import Image

from core.errors import BadInput
from core.uploads.scans import PNG, Scan

PREFIX = "data:image/png;base64,"
MAX_BYTES = 400 * 1024
LONGEST_SIDE, MAX_SIDE = 1200, 4000
LEAST_INK, LEAST_WIDTH, LEAST_HEIGHT = 150, 20, 12
MOST_INK = 0.6
DARK, MARGIN = 160, 12
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, Image.DecompressionBombError)


def signature(text: str) -> Scan:
    """The signature as it is kept. Raises BadInput at the field `drawing`."""
    if not text.strip():
        raise _refused("还没有签字，请用手指或鼠标在框里签名。")
    if len(text) > MAX_BYTES * 4 // 3 + len(PREFIX) + 4:
        raise _refused("签字图太大，请清除后重签。")
    grey = _grey(_decoded(text))
    ink = grey.point(lambda value: 255 if value < DARK else 0)
    box, count = ink.getbbox(), ink.histogram()[255]
    if box is None or count < LEAST_INK or box[2] - box[0] < LEAST_WIDTH or box[3] - box[1] < LEAST_HEIGHT:
        raise _refused("看不清签字，请写大一些。")
    if count > MOST_INK * grey.width * grey.height:
        raise _refused("签字框被涂满了，请清除后重签。")
    written = io.BytesIO()
    _cut(grey, box).save(written, "PNG", optimize=True)
    return Scan(PNG, written.getvalue())


def _refused(message: str) -> BadInput:
    return BadInput("没有保存签字。", code="bad_drawing", fields={"drawing": [message]})


def _decoded(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise _refused("签字没有传上来，请刷新页面重签，或上传纸质签字的照片。")
    try:
        return base64.b64decode(text[len(PREFIX) :], validate=True)
    except (binascii.Error, ValueError) as fault:
        raise _refused("签字没有传完整，请重签。") from fault


def _grey(content: bytes) -> Image.Image:
    """On white, in shades of grey, small enough."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as opened:
            if max(opened.size) > MAX_SIDE:
                raise _refused("签字图太大，请清除后重签。")
            drawn = opened.convert("RGBA")
    except _BROKEN as fault:
        raise _refused("签字没有传完整，请重签。") from fault
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    return paper.convert("L")


def _cut(grey: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    left, top, right, bottom = box
    return grey.crop((max(0, left - MARGIN), max(0, top - MARGIN), min(grey.width, right + MARGIN), min(grey.height, bottom + MARGIN)))
