"""The private folder of the imports: uploads, marked workbooks, rows set aside."""

from pathlib import Path

from django.conf import settings


def imports_dir() -> Path:
    folder = Path(settings.FILES_DIR) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
