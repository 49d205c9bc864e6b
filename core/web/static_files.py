"""Style sheets and scripts are fetched once on a bad line, and after that only asked about."""

from pathlib import Path
from wsgiref.headers import Headers


def add_weak_tag(headers: Headers, path: str, url: str) -> None:
    """A weak tag from the start. Compression makes a strong one weak on its way out; the browser then asks with a tag that WhiteNoise does
    not know, and gets the whole file again."""
    stat = Path(path).stat()
    headers["ETag"] = f'W/"{int(stat.st_mtime):x}-{stat.st_size:x}"'
