"""What reports store: figures of today, tables that were frozen, the papers made of them, and who may have whole numbers."""

from reports.models.documents import (
    DocumentCopy,
    DocumentDeadline,
    DocumentStatus,
    DocumentStep,
    SpotFinding,
    TableDocument,
)
from reports.models.export_requests import ExportRequest, RequestState
from reports.models.snapshots import Snapshot, SnapshotPart
from reports.models.tallies import Tally, TallyState

__all__ = [
    "DocumentCopy",
    "DocumentDeadline",
    "DocumentStatus",
    "DocumentStep",
    "ExportRequest",
    "RequestState",
    "Snapshot",
    "SnapshotPart",
    "SpotFinding",
    "TableDocument",
    "Tally",
    "TallyState",
]
