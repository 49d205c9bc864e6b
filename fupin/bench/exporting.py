"""Exports against openpyxl's own write-only sheet, and their memory (speed target 7)."""

import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.conf import settings
from openpyxl import Workbook

from accounts import roles
from core.crypto import encrypt_many
from core.scope import FieldClass
from core.sheets.writer import OutSheet, write_table
from fupin.bench.measure import Measured, ratio
from fupin.bench.peak import COLUMNS, made_up_rows
from fupin.bench.scratch import Scratch, scratch
from households.models import Household, Membership, Person
from reports.workbooks import REPORTS, Ask, write_list
from reports.workbooks.guide import Stamp

ROWS, FEW, MANY = 5_000, 50_000, 300_000
VILLAGES, HOUSEHOLDS, MEMBERS = 10, 100, 3


def export(size: int) -> Iterator[Measured]:
    """Writer against writer; then the whole roster, from the database to the file, against openpyxl with the rows at hand; then memory."""
    rows = list(made_up_rows(ROWS))
    found = ratio(lambda: write_table(io.BytesIO(), [OutSheet("花名册", COLUMNS, rows)]), lambda: _by_openpyxl(rows))
    yield Measured("export", f"花名册写出 ÷ openpyxl write_only（{ROWS:,} 行 × {len(COLUMNS)} 列）", found, "≤ 0.25")
    with scratch(VILLAGES, HOUSEHOLDS) as made:
        count = _fill(made)
        same = list(made_up_rows(count))
        whole = ratio(lambda: _roster(made), lambda: _by_openpyxl(same))
        yield Measured("export", f"花名册从读库到写出 ÷ openpyxl 只写同样多的行（{count:,} 行）", whole)
    yield Measured("export", f"内存峰值 {MANY:,} 行 ÷ {FEW:,} 行", _peak(MANY) / _peak(FEW), "≤ 1.3")


def _by_openpyxl(rows: list[list[object]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    for values in rows:
        sheet.append(values)
    book.save(io.BytesIO())


def _fill(made: Scratch) -> int:
    """Members with sealed numbers and phones; answers how many."""
    homes = list(Household.objects.filter(county=made.county))
    persons = [Person(county=made.county, name=f"张{n}", birth=date(1970, 1, 1), sex="M", ethnicity="15") for n in range(len(homes) * MEMBERS)]
    for person, token in zip(persons, encrypt_many(((f"522399{n:012d}", one.uuid) for n, one in enumerate(persons)), Person._meta.db_table, "id"), strict=True):
        person.id_enc = token
    Person.objects.bulk_create(persons, batch_size=500)
    rows = [
        Membership(
            person=person, household=home, county_id=home.county_id, township_id=home.township_id, village_id=home.village_id, since=date(2016, 1, 1),
            code=f"{home.code}{n % MEMBERS + 1:02d}", relation="01" if n % MEMBERS == 0 else "03", education="03", health="01", skill="01",
        )
        for n, person in enumerate(persons)
        for home in (homes[n // MEMBERS],)
    ]  # fmt: skip
    for row, token in zip(rows, encrypt_many(((f"13{n:09d}", one.uuid) for n, one in enumerate(rows)), Membership._meta.db_table, "phone"), strict=True):
        row.phone_enc = token
    Membership.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _roster(made: Scratch) -> None:
    """With every number open: the dearest case."""
    grants = made.scope.rows
    scope = replace(made.scope, rights={roles.EXPORT_ROSTER: grants}, field_rights={one.value: grants for one in FieldClass})
    stamp = Stamp(made.round, made.county, made.round.opened_at, "基准")
    write_list(io.BytesIO(), REPORTS["roster"], Ask(scope, made.round, made.county, full=True), stamp, lambda done: None)


def _peak(rows: int) -> int:
    """Kilobytes that a fresh process needs at most to write so many rows."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "fupin.bench.peak", str(rows)], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    return int(done.stdout)
