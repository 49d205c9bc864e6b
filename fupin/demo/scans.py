"""A page as a scanner sees it, for the demo: lines of writing and a signature; nobody's name is on it."""

import io

from PIL import Image, ImageDraw

SIZE, MARGIN, LINES = (420, 594), 48, {"application": 9, "wish": 7, "registration": 11, "survey": 12, "income": 10, "proof": 5, "group": 8}


def signed_page(kind: str) -> bytes:
    """PNG of the page; another number of lines for another kind, so that no two kinds are the same file."""
    page = Image.new("L", SIZE, 252)
    pen = ImageDraw.Draw(page)
    for number in range(LINES[kind]):
        y = 90 + number * 34
        pen.line([(MARGIN, y), (SIZE[0] - MARGIN - 20 * (number % 3), y)], fill=120, width=2)
    pen.line([(250, 520), (270, 490), (285, 530), (305, 495), (330, 525), (372, 500)], fill=30, width=3)
    written = io.BytesIO()
    page.save(written, "PNG")
    return written.getvalue()
