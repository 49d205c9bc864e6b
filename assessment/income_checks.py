"""算账: what the 清查组 reckons a household earns a head, beside what the household said (A9-04; B-19). Pure."""

from dataclasses import dataclass

DEPARTURE = 10
"""Per cent of the reported figure beyond which the card says so; a round may set another."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Yuan a head and year. `reported` None = the household has no figure, `line` None = no poverty line is known for the year."""

    reckoned: int
    reported: int | None
    line: int | None
    allowed: int = DEPARTURE

    @property
    def difference(self) -> int | None:
        return None if self.reported is None else self.reckoned - self.reported

    @property
    def size(self) -> int | None:
        """The difference without its sign: the word says which way."""
        return None if self.difference is None else abs(self.difference)

    @property
    def word(self) -> str:
        difference = self.difference
        return "" if difference is None else "相同" if not difference else "多" if difference > 0 else "少"

    @property
    def percent(self) -> int | None:
        """Of the reported figure, rounded down; None when nothing, or nothing but 0, was reported."""
        return None if not self.reported or self.size is None else 100 * self.size // self.reported

    @property
    def departs(self) -> bool:
        """Beyond what is allowed, by the exact share and not by the rounded one. Any income departs from a reported 0."""
        return self.size is not None and 100 * self.size > self.allowed * (self.reported or 0)

    @property
    def crosses(self) -> bool:
        """The two figures stand on different sides of the line."""
        return self.line is not None and self.reported is not None and (self.reckoned < self.line) != (self.reported < self.line)

    @property
    def side(self) -> str:
        """Where the reckoned figure stands; on the line is not below it."""
        if self.line is None:
            return ""
        return f"低于扶贫标准 {self.line:,} 元" if self.reckoned < self.line else f"不低于扶贫标准 {self.line:,} 元"

    @property
    def remark(self) -> str:
        """What the card says; "" when the figures agree well enough."""
        parts = []
        if self.departs:
            share = f"，相差 {self.percent} %，超过 {self.allowed} %" if self.percent is not None else ""
            parts.append(f"比户里报的{self.word} {self.size:,} 元{share}")
        if self.crosses:
            parts.append(f"户里报的{'低于' if self.reckoned >= self.line else '不低于'}扶贫标准，清查组算的{'低于' if self.reckoned < self.line else '不低于'}")
        return "；".join(parts)
