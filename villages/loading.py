"""Places from CSV: divisions (level, code, name, parent) and groups with registered population (rulings 2, 3).

Idempotent: what is already there with the same name is left alone. A place is never deleted by a file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from core.actions import Act, Origin, acting
from core.errors import BadInput
from core.ids import is_county_code, is_township_code, is_village_code
from core.scope import Scope
from villages import dirty
from villages.models import County, RegisteredPopulation, Township, Village, VillagerGroup
from villages.selectors import gone_words

DIVISION_COLUMNS = ("level", "code", "name", "parent")
GROUP_COLUMNS = ("village", "group", "name", "year", "registered_households", "registered_population")
SYSTEM = Scope(actor_label="系统", login="system")
_LEVELS: dict[str, Callable[[object], bool]] = {
    "county": is_county_code, "township": is_township_code, "village": is_village_code,
}  # fmt: skip
BATCH = 500
Row = dict[str, str]


def load_divisions(path: str | Path, *, origin: Origin | None = None) -> dict[str, int]:
    """Counties, townships and villages of a file. Returns how many were new or renamed, by level; BadInput names bad lines."""
    rows = _read(path, DIVISION_COLUMNS)
    _refuse(_division_faults(rows))
    with acting(SYSTEM, "places.load", origin) as act:
        changed = {
            "county": _load_level(act, County, [row for row in rows if row["level"] == "county"], _no_parent),
            "township": _load_level(act, Township, [row for row in rows if row["level"] == "township"], _in_county),
            "village": _load_level(act, Village, [row for row in rows if row["level"] == "village"], _in_township),
        }
        act.audit("places", Path(path).name[:64], **changed)
    return changed


def load_groups(path: str | Path, *, origin: Origin | None = None) -> dict[str, int]:
    """Villager groups and their registered households and persons of a year. Villages must exist."""
    rows = _read(path, GROUP_COLUMNS)
    _refuse(_group_faults(rows))
    with acting(SYSTEM, "places.load", origin) as act:
        villages = {
            village.code: village for village in Village.objects.filter(code__in={row["village"] for row in rows})
        }
        _refuse(
            [
                f"第{n}行：没有登记的村 {row['village']}"
                for n, row in enumerate(rows, 2)
                if row["village"] not in villages
            ]
        )
        _refuse(sorted(filter(None, map(gone_words, villages.values()))))
        groups = _load_group_rows(rows, villages)
        changed, touched = _load_populations(rows, villages, groups)
        act.audit("groups", Path(path).name[:64], groups=len(groups), populations=changed)
        dirty.mark(act, touched)
    return {"groups": len(groups), "populations": changed}


def columns_of(path: str | Path) -> tuple[str, ...]:
    """The header line: which of the two kinds a file is."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return tuple(next(csv.reader(file), ()))


def _read(path: str | Path, columns: tuple[str, ...]) -> list[Row]:
    if not set(columns) <= set(columns_of(path)):
        raise BadInput("文件的列不对，应有：" + "、".join(columns))
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return [{name: (row[name] or "").strip() for name in columns} for row in csv.DictReader(file)]


def _refuse(faults: list[str]) -> None:
    if faults:
        raise BadInput("文件有错误，没有导入。", reasons=faults)


def _division_faults(rows: list[Row]) -> list[str]:
    faults, seen = [], set()
    for number, row in enumerate(rows, start=2):
        known = _LEVELS.get(row["level"])
        if known is None:
            faults.append(f"第{number}行：层级“{row['level']}”不是 county、township、village")
        elif not known(row["code"]):
            faults.append(f"第{number}行：代码“{row['code']}”不是{row['level']}代码")
        if not row["name"]:
            faults.append(f"第{number}行：没有名称")
        if row["code"] in seen:
            faults.append(f"第{number}行：代码“{row['code']}”重复")
        seen.add(row["code"])
    return faults


def _group_faults(rows: list[Row]) -> list[str]:
    faults, seen = [], set()
    for number, row in enumerate(rows, start=2):
        for name in ("group", "year", "registered_households", "registered_population"):
            if not (row[name].isascii() and row[name].isdigit()):
                faults.append(f"第{number}行：{name}“{row[name]}”不是整数")
        key = (row["village"], row["group"], row["year"])
        if key in seen:
            faults.append(f"第{number}行：{row['village']} 第{row['group']}组 {row['year']}年重复")
        seen.add(key)
    return faults


def _no_parent(rows: list[Row]) -> list[dict]:
    return [{} for _ in rows]


def _in_county(rows: list[Row]) -> list[dict]:
    counties = {county.code: county for county in County.objects.filter(code__in={row["parent"] for row in rows})}
    _refuse([f"{row['name']}：没有登记的县 {row['parent']}" for row in rows if row["parent"] not in counties])
    return [{"county": counties[row["parent"]]} for row in rows]


def _in_township(rows: list[Row]) -> list[dict]:
    found = Township.objects.filter(code__in={row["parent"] for row in rows})
    townships = {township.code: township for township in found}
    _refuse([f"{row['name']}：没有登记的乡镇 {row['parent']}" for row in rows if row["parent"] not in townships])
    return [{"township": townships[row["parent"]], "county_id": townships[row["parent"]].county_id} for row in rows]


def _load_level(act: Act, model, rows: list[Row], parents: Callable[[list[Row]], list[dict]]) -> int:
    stored = {place.code: place for place in model.objects.filter(code__in=[row["code"] for row in rows])}
    new, renamed = [], []
    for row, parent in zip(rows, parents(rows), strict=True):
        place = stored.get(row["code"])
        if place is None:
            new.append(model(code=row["code"], name=row["name"], **parent))
        elif place.name != row["name"]:
            place.name = row["name"]
            renamed.append(place)
    model.objects.bulk_create(new, batch_size=BATCH)
    model.objects.bulk_update(renamed, ["name"], batch_size=BATCH)
    for place in (*new, *renamed):
        act.feed("division", place.code, place=place)
    return len(new) + len(renamed)


def _place(village: Village) -> dict[str, int]:
    return {"county_id": village.county_id, "township_id": village.township_id, "village_id": village.pk}


def _load_group_rows(rows: list[Row], villages: dict[str, Village]) -> dict[tuple[int, int], VillagerGroup]:
    ids = [village.pk for village in villages.values()]
    groups = {(group.village_id, group.number): group for group in VillagerGroup.objects.filter(village_id__in=ids)}
    new = {}
    for row in rows:
        village, number = villages[row["village"]], int(row["group"])
        if (village.pk, number) not in groups and (village.pk, number) not in new:
            name = row["name"] or f"{number}组"
            new[village.pk, number] = VillagerGroup(
                code=f"{village.code}{number:02d}", number=number, name=name, **_place(village)
            )
    VillagerGroup.objects.bulk_create(new.values(), batch_size=BATCH)
    return groups | new


def _load_populations(rows: list[Row], villages: dict[str, Village], groups: dict) -> tuple[int, set[int]]:
    """How many populations are new or other than before, and the villages whose rates therefore move."""
    years = {int(row["year"]) for row in rows}
    stored = {(one.group_id, one.year): one for one in RegisteredPopulation.objects.filter(year__in=years)}
    new, changed, touched = [], [], set()
    for row in rows:
        village = villages[row["village"]]
        group = groups[village.pk, int(row["group"])]
        households, persons = int(row["registered_households"]), int(row["registered_population"])
        population = stored.get((group.pk, int(row["year"])))
        if population is None:
            population = RegisteredPopulation(group=group, year=int(row["year"]), source="导入", **_place(village))
            new.append(population)
        elif (population.households, population.persons) != (households, persons):
            changed.append(population)
        else:
            continue
        population.households, population.persons = households, persons
        touched.add(village.pk)
    RegisteredPopulation.objects.bulk_create(new, batch_size=BATCH)
    RegisteredPopulation.objects.bulk_update(changed, ["households", "persons"], batch_size=BATCH)
    return len(new) + len(changed), touched


def load_any(paths: Iterable[str | Path]) -> list[tuple[str, dict[str, int]]]:
    """Each file by its columns, divisions before groups whatever the order given."""
    ordered = sorted(paths, key=lambda path: "village" in columns_of(path))
    return [
        (str(path), load_groups(path) if "village" in columns_of(path) else load_divisions(path)) for path in ordered
    ]
