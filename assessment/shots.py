"""What is said of a photo of a look. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

LONGEST_CAPTION = LONGEST_REASON = 64


@dataclass(frozen=True, slots=True)
class Shot:
    """`keep` takes time and place from the file, where they were not typed."""

    caption: str = ""
    keep: bool = False
    taken_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
