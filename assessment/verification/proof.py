"""What a decision had for proof, photos and signed papers, against their rows and files of today. Reads only.

A later photo or paper breaks nothing, and one set aside stays as a row: what was sealed must still be there, and be what it was.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessment.models import LookPhoto
from assessment.sealing import paper_document, photo_document
from assessment.seals import plain
from core.errors import WrongState
from core.uploads import store
from households.models import Paper

Proof = Mapping[str, Iterable[Mapping[str, Any]]]


@dataclass(slots=True)
class Kept:
    """Rows of today by their uuid, as the seals write them; `files`: hashes that must be on the disk."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    broken: dict[str, bool] = field(default_factory=dict)

    def is_broken(self, sha256: str) -> bool:
        """Each file is read once, however many decisions name it."""
        if sha256 not in self.broken:
            self.broken[sha256] = sha256 in self.files and not _readable(sha256)
        return self.broken[sha256]


def load(household_ids: Iterable[int]) -> Kept:
    """Two queries. A photo that was taken off the form has no file any more, by its own named action."""
    ids, kept = list(household_ids), Kept()
    for photo in LookPhoto.objects.filter(household_id__in=ids):
        kept.rows[str(photo.uuid)] = plain(photo_document(photo))
        if photo.removed_at is None:
            kept.files.add(photo.sha256)
    for paper in Paper.objects.filter(household_id__in=ids):
        kept.rows[str(paper.uuid)] = plain(paper_document(paper))
        kept.files.add(paper.sha256)
    return kept


def proof_faults(sealed: Proof, kept: Kept) -> Iterator[tuple[str, str]]:
    """(sentence, name of what it is about) of each sealed photo or paper that is gone, is another one now, or lost its file."""
    for kind, word in (("photos", "照片"), ("papers", "签字材料")):
        for item in sealed.get(kind, ()):
            row = kept.rows.get(item["uuid"])
            if row is None:
                yield f"锁定时的{word}已不在", f"proof.{kind}"
            elif row != item:
                yield f"锁定以后{word}的记录有改动", f"proof.{kind}"
            elif kept.is_broken(item["sha256"]):
                yield f"锁定时的{word}文件找不到或与校验码不符", f"proof.{kind}"


def _readable(sha256: str) -> bool:
    try:
        store.fetch(sha256)
    except WrongState:
        return False
    return True
