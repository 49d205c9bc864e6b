"""定稿: a frozen table is the same bytes a week later, opens its households of then, and says what was touched."""

import json
from datetime import timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from core import immutability
from core.errors import BadInput, Denied, NotFound, WrongState
from reports.actions import roll_up, system_scope
from reports.actions_freeze import freeze_table
from reports.comparing import difference
from reports.frozen import faults_of, frozen_ids, last_before, made_again, table_of
from reports.models import Snapshot, SnapshotPart, Tally
from reports.tables import build_table
from reports.workbooks.guide import chinese_time
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401

HOME = "422827102200"
GROUP = f"{HOME}01"
CODES = (
    "households", "attribute.01", "cause.NONE", "surveyed", "tier.DIBAO", "people.OLD", "stage.zp", "concluded", "returned", "doubts",
    "before.surveyed",
)  # fmt: skip
"""One of every source and of every kind of predicate."""


@pytest.fixture(scope="module")
def counted(standing):
    """Five households, forms of four, figures up to date."""
    homes = [standing.make_household(number=number, members=number) for number in (1, 2)]
    homes.append(standing.make_household("422827102201", number=3))
    homes.append(standing.make_household("422827103200", number=4, attribute="", cause="99"))
    homes[1].group = None
    homes[1].save(update_fields=["group"])
    standing.make_case(number=7, points=60, group=1)
    roll_up(scope=system_scope(standing.round), round_code=standing.round.code)
    return homes


@pytest.fixture
def homes(counted, db):
    return fresh(counted)


def freeze(standing, who="township", level="township", area="422827102"):
    return freeze_table(scope=standing.scope(who), level=level, round_code="2016-SB", area=area)


def move_on(standing):
    """A week: households gone and new, a group renamed, forms changed, figures counted anew."""
    from households.models import Household
    from villages.models import Village, VillagerGroup

    Household.objects.filter(code=f"{HOME}0001").update(persons=9, cause="01", attribute="06")
    standing.make_household(number=31, members=4)
    VillagerGroup.objects.filter(code=f"{HOME}01").update(name="上湾组")
    Village.objects.filter(code=HOME).update(name="新桐村村民委员会")
    roll_up(scope=system_scope(standing.round), round_code="2016-SB", full=True)


def test_frozen_table_says_what_the_live_one_said(homes, standing):
    live = build_table("township", standing.round, "422827102", standing.scope("township"))
    snapshot = freeze(standing)
    assert snapshot.serial == "2016-SB-422827102-01" and snapshot.table_digest == live.digest
    assert table_of(snapshot).total.values == live.total.values


def test_rebuild_a_week_later_gives_the_same_bytes(homes, standing, monkeypatch):
    snapshot = freeze(standing)
    move_on(standing)
    monkeypatch.setattr("reports.tables.columns_of", lambda round_: ())  # a catalogue of another year
    assert made_again(snapshot).encode() == snapshot.body.encode() and faults_of(Snapshot.objects.get()) == []
    assert table_of(snapshot).digest == snapshot.table_digest
    out = StringIO()
    call_command("rebuild", snapshot.serial, stdout=out)
    assert "逐字节相同" in out.getvalue()


@pytest.mark.parametrize(
    ("touch", "said"),
    [
        (lambda row: SnapshotPart.objects.filter(group_code=GROUP).update(figures=json.dumps({"households": 77})), "行“桐子园村”栏“登记农户数”：定稿 3"),
        (lambda row: SnapshotPart.objects.filter(group_code=GROUP).update(behind="{}"), f"{HOME} {GROUP}：数字或明细"),
        (lambda row: Snapshot.objects.update(body=row.body.replace('"total"', '"totals"')), "与它的校验码不符"),
        (lambda row: Snapshot.objects.update(by_name="别人"), "锁定校验码不符"),
        (lambda row: SnapshotPart.objects.filter(position=1).delete(), "锁定校验码不符"),
    ],
)
def test_check_says_where_a_frozen_table_was_touched(homes, standing, touch, said):
    snapshot = freeze(standing)
    immutability.lift()
    touch(snapshot)
    assert any(said in line for line in faults_of(Snapshot.objects.get()))


def test_database_refuses_to_change_a_frozen_table(homes, standing):
    snapshot = freeze(standing)
    for rows in (Snapshot.objects.filter(pk=snapshot.pk), snapshot.parts.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(digest="0")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_every_frozen_cell_opens_the_households_of_then(homes, standing):
    from reports.cells import cell_households

    scope = standing.scope("township")
    live = build_table("township", standing.round, "422827102", scope)
    columns = [column for column in live.columns if column.code in CODES]
    then = {
        (row.area, column.code): sorted(cell_households("township", standing.round, row.area, column.code, scope).values_list("pk", flat=True))
        for row in (*live.rows, live.total) for column in columns
    }  # fmt: skip
    snapshot = freeze(standing)
    move_on(standing)
    assert {key: frozen_ids(snapshot, column, key[0]) for key in then for column in columns if column.code == key[1]} == then


def test_nobody_freezes_figures_that_are_behind(homes, standing):
    from core.actions import acting
    from villages import dirty
    from villages.models import Village

    with acting(standing.scope("cadre"), "household.update") as act:
        dirty.mark(act, [Village.objects.get(code=HOME).pk])
    with pytest.raises(WrongState, match="桐子园村.*请先汇总"):
        freeze(standing)
    assert freeze(standing, "township_other", area="422827103").serial.endswith("422827103-01")


def test_nobody_freezes_a_figure_that_its_households_do_not_make(homes, standing):
    row = Tally.objects.get(village__code=HOME, group__number=1)
    row.values["households"] += 2
    row.save()
    with pytest.raises(WrongState) as refused:
        freeze(standing)
    assert any("登记农户数：表上 4，明细 2，相差 2" in line for line in refused.value.reasons)


def test_who_may_freeze_what(homes, standing):
    with pytest.raises(NotFound):
        freeze(standing, "cadre")
    with pytest.raises(NotFound):
        freeze(standing, "township_other")
    with pytest.raises(Denied):
        freeze(standing, "viewer")
    assert freeze(standing, "cadre", "village", HOME).village is not None


def test_second_snapshot_is_chained_to_the_first(homes, standing):
    first, second = freeze(standing), freeze(standing)
    assert second.previous == first.mac and second.serial.endswith("-02") and second.digest == first.digest


# --- pages and API ----------------------------------------------------------------------------------------------


def page(standing, who, path):
    client = Client()
    client.force_login(getattr(standing.cast, who))
    return client.get(path)


def test_page_as_of_a_snapshot_shows_the_figures_and_households_of_then(homes, standing):
    snapshot = freeze(standing)
    move_on(standing)
    address = f"/tables/township/?round=2016-SB&area=422827102&snapshot={snapshot.serial}"
    html = page(standing, "township", address).content.decode()
    assert "桐子园村" in html and "新桐村" not in html and "由 测试township 定稿" in html and "/tables/freeze/" not in html
    cell = page(standing, "township", f"/tables/township/cell/?round=2016-SB&area={HOME}&column=households&snapshot={snapshot.serial}").content.decode()
    assert f"{HOME}0001" in cell and f"{HOME}0031" not in cell
    assert page(standing, "township_other", address).status_code == 404


def test_two_snapshots_say_which_households_moved(homes, standing):
    old = freeze(standing)
    move_on(standing)
    found = difference(freeze(standing), old, standing.scope("township"))
    total = {cell.column.code: cell.change for cell in found.total}
    assert (total["households"], total["attribute.06"], total["cause.01"]) == (1, 1, 1)
    moved = found.moved["attribute.06"]
    assert (moved.entered, moved.left) == ((homes[0].pk,), ()) and found.moved["attribute.01"].left == (homes[0].pk,)
    html = page(standing, "township", f"/tables/snapshots/{found.new.serial}/compare/?with={old.serial}&column=attribute.06").content.decode()
    assert f"{HOME}0001" in html and "进入 1 户" in html


def _workbook(standing, path):
    answer = page(standing, "township", path)
    assert answer.status_code == 200, answer
    return openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))


def test_workbook_of_a_frozen_table_has_its_figures_however_the_village_has_changed(homes, standing):
    then = table_of(freeze(standing))
    move_on(standing)
    snapshot = Snapshot.objects.get()
    book = _workbook(standing, f"/tables/snapshots/{snapshot.serial}/xlsx/")
    rows = [[cell.value for cell in row[: len(then.columns) + 1]] for row in book.worksheets[0].iter_rows(min_row=5, max_row=5 + len(then.rows))]
    wanted = [[row.name, *("不可算" if (value := row.values[column.code]) is None else value for column in then.columns)] for row in (*then.rows, then.total)]
    assert rows == wanted
    said = {row[0].value: row[1].value for row in book["口径说明"].iter_rows()}
    assert (said["定稿编号"], said["定稿校验码"], said["内容校验码"]) == (snapshot.serial, snapshot.digest, snapshot.table_digest)
    assert said["截至"] == said["定稿时间"] == chinese_time(snapshot.at)


def test_workbook_of_a_difference_has_what_the_page_has(homes, standing):
    old = freeze(standing)
    move_on(standing)
    new = freeze(standing)
    book = _workbook(standing, f"/tables/snapshots/{new.serial}/compare/xlsx/?with={old.serial}")
    sums = {row[0].value: [cell.value for cell in row[1:]] for row in book["合计增减"].iter_rows(min_row=2)}
    moved = [[cell.value for cell in row] for row in book["进出的户"].iter_rows(min_row=2)]
    found = difference(old, new, standing.scope("township"))
    assert list(sums) == [column.title for column in found.columns] and sums["登记农户数"] == ["户", 4, 5, 1, 1, 0]
    assert [row[1:4] for row in moved if row[0] == "登记农户数"] == [["进入", "张31", f"{HOME}0031"]]


def test_table_shows_how_it_moved_since_its_last_frozen_one(homes, standing, django_assert_num_queries):
    freeze(standing)
    move_on(standing)
    scope = standing.scope("township")
    live = build_table("township", standing.round, "422827102", scope)
    with django_assert_num_queries(1):
        since = last_before(scope, live)
    assert since.change("422827102", "households", live.total.values["households"]) == 1 and since.change(HOME, "households", 3) is None
    path = "/tables/township/?round=2016-SB&area=422827102"
    assert "+1</small>" in page(standing, "township", f"{path}&since=1").content.decode()
    assert "+1</small>" not in page(standing, "township", path).content.decode()


def test_tables_of_two_areas_are_not_compared(homes, standing):
    with pytest.raises(BadInput):
        difference(freeze(standing), freeze(standing, "cadre", "village", HOME), standing.scope("township"))


def test_client_reads_the_table_of_then_and_the_difference(homes, standing, cast, places):
    from accounts.models import ApiToken
    from accounts.tokens import PREFIX_LENGTH, digest_of

    secret = "0f" * 32
    ApiToken.objects.create(
        prefix=secret[:PREFIX_LENGTH], digest=digest_of(secret), township=places.townships["422827102"], owner=cast.county, name="平台",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip

    def ask(path, **query):
        return Client().get(f"/api/v1/{path}", query, headers={"authorization": f"Token {secret}"}).json()

    asked = {"round": "2016-SB", "area": "422827102"}
    live, old = ask("tables/township/", **asked), freeze(standing)
    move_on(standing)
    new = freeze(standing)
    then = ask("tables/township/", **asked, snapshot=old.serial)
    assert (then["rows"], then["digest"], then["snapshot"]) == (live["rows"], live["digest"], old.serial)
    assert ask("tables/township/", **asked)["digest"] != live["digest"]
    behind = ask("tables/cell/", **asked, level="township", column="households", snapshot=str(old.uuid))["results"]
    assert len(behind) == live["total"]["households"]
    whole = ask(f"snapshots/{new.serial}/", **{"with": old.serial})
    assert whole["difference"]["moved"]["attribute.06"] == {"entered": [f"{HOME}0001"], "left": []}
    assert [row["serial"] for row in ask("snapshots/")["results"]] == [new.serial, old.serial]
