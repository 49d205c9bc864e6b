"""The marked workbook of a run: made inside the job while the upload still exists, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from assessment.importing import sheet as survey_sheet
from assessment.importing.marking import Progress, mark_upload
from assessment.importing.service import imports_dir, marked_path
from assessment.importing.sheets import NAMES, specs
from assessment.rubric import Rubric
from core.jobs.files import private_file
from core.sheets import FileFacts, HeaderSpec, RefusedFile, match_key
from households.importing.model import Fault
from households.models import ImportRun


def known_headings(rubric: Rubric) -> list[HeaderSpec]:
    """Every layout that an upload may have: a fault names the column by its first spelling, the file perhaps by another."""
    return list(specs(survey_sheet.layout(rubric)).values())


def keep_marked(
    run: ImportRun, facts: FileFacts, faults: Sequence[Fault], layouts: Sequence[HeaderSpec], progress: Progress, info: Mapping[str, object]
) -> None:
    """A restarted check makes it anew: the finished file replaces the old one in one step, a cancelled or failed one is removed."""
    kept = marked_path(run)
    if not faults:
        kept.unlink(missing_ok=True)
        return
    names = {match_key(usual): info.get(f"{kind}_sheet") for kind, usual in NAMES.items()}
    making = imports_dir() / f"{run.uuid}.marked.part"
    # What could be read once may be too slow a second time: then the list alone is given, and the check still stands.
    with suppress(RefusedFile), private_file(making):
        mark_upload(
            run.file_path, facts, making, faults, layouts, progress, lambda title: str(names.get(match_key(title)) or title)
        )
        making.replace(kept)
