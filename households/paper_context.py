"""What the list says of a paper while it is signed: round, form, and which papers are asked for now. The app above registers the source."""

from collections.abc import Callable
from dataclasses import dataclass

from households.models import Household


@dataclass(frozen=True, slots=True)
class PaperContext:
    """`asked`: kinds without which the household will not be concluded; `survey_revision`: of the submitted form."""

    round_code: str = ""
    round_name: str = ""
    survey_revision: int | None = None
    asked: tuple[str, ...] = ()


Source = Callable[[Household], PaperContext]
_sources: list[Source] = []


def register_paper_source(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def context_of(household: Household) -> PaperContext:
    return _sources[-1](household) if _sources else PaperContext()
