"""`python tests/corpus/reader.py FILE`: the file through gate, reader and reading of rows as an import's worker does it; says how it ended."""

import os
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import pytest  # noqa: F401  # settings then choose the keys and folders of the tests


def main(path: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings")
    import django

    django.setup()
    from assessment.importing.checking import read_file
    from core.sheets import RefusedFile
    from tests.assessment.roster_book import RUBRIC
    from tests.corpus.ground import VILLAGES

    begun = time.monotonic()
    try:
        content = read_file(path, RUBRIC, VILLAGES, date(2026, 3, 1))
        said = f"{len(content.households)} {len(content.surveys)} {len(content.faults)}"
    except RefusedFile as refusal:
        said = refusal.code
    print(f"{said} | {time.monotonic() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
