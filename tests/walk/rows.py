"""What a declared route says, and the sets of roles it says it of."""

from dataclasses import dataclass, field

from django.urls import reverse

VILLAGE = frozenset({"cadre", "lead"})
OTHER_VILLAGES = frozenset({"cadre2", "cadre_other"})
TOWNSHIP, OTHER_TOWNSHIP = frozenset({"township"}), frozenset({"township_other"})
COUNTY = frozenset({"county", "viewer"})
ADMINS = frozenset({"sysadmin", "secadmin", "auditor"})
EVERYBODY = VILLAGE | OTHER_VILLAGES | TOWNSHIP | OTHER_TOWNSHIP | COUNTY | ADMINS | {"nobody"}
IN_AREA = VILLAGE | TOWNSHIP | COUNTY
OUTSIDE = OTHER_VILLAGES | OTHER_TOWNSHIP
DATA = IN_AREA | OUTSIDE
OFFICES = frozenset({"township", "township_other", "county"})

CODE = "4228271022000001"
JOB = "00000000-0000-4000-8000-000000000001"

GET, POST = "GET", "POST"


@dataclass(frozen=True)
class Row:
    """`may` get `ok`, `hidden` get 404, the rest of the cast 403; `public` routes answer visitors too.

    `skip` leaves out a second allowed role where the first one's call changed the object.
    """

    name: str
    method: str
    may: frozenset[str]
    ok: int = 200
    hidden: frozenset[str] = frozenset()
    args: tuple = ()
    query: str = ""
    body: dict = field(default_factory=dict)
    public: bool = False
    skip: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return reverse(self.name, args=self.args) + self.query

    def __str__(self) -> str:
        return f"{self.method} {self.name}"
