"""Runs alone: `python -I child.py ORDER` writes the rows of one sheet as JSON lines to stdout. ORDER is JSON, see `main`.

A file that passed the gate may still be made to exhaust whatever reads it; here that kills only this process. Rows go out as they are read,
so memory holds the shared texts and nothing that grows with the rows: a reader that lays out the whole sheet took 204 MB for a county's
26 columns and 290 MB for 47 (decision 116). Imports nothing of the project and gets no setting, so it can leak none.
"""

import datetime
import errno
import json
import re
import sys
import zipfile
from xml.parsers import expat

OUT_OF_MEMORY, BROKEN = 3, 4
NO_MEMORY = (1, errno.ENOMEM)  # as expat and the system say it
BATCH = 200
CHUNK = 64 * 1024
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # half a character of two (D800 to DFFF) can be stored nowhere
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
DATE_FORMATS = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}  # those that every program knows by number (18.8.30)
ELAPSED_FORMAT = 46
MINUTES = 24 * 60


class Fault(Exception):
    """A cell that says something impossible: its address and what."""


def limit(memory: int, cpu_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's time-out is the only limit there.
        return
    wanted = {"RLIMIT_AS": memory, "RLIMIT_CPU": cpu_seconds, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, value in wanted.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError):  # macOS refuses some of them.
            continue


def parse(archive: zipfile.ZipFile, part: str, reader, flush=None) -> None:
    """The part through `reader.start/end/text`."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.text
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk, False)
            if flush:
                flush()
    parser.Parse(b"", True)


class Names(dict):
    """Local names by names as written, prefix or not: the gate has refused rows and cells of a foreign namespace."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(":")[2]
        return self[name]


NAMES = Names()


class Strings:
    """Shared texts: the runs of a rich text are one, readings (rPh) are none. Longer ones are cut where the limit of a cell is passed anyway."""

    def __init__(self, longest: int) -> None:
        self.found: list[str] = []
        self._longest, self._parts, self._listening, self._reading = longest, [], False, 0

    def start(self, name, attributes):
        known = NAMES[name]
        if known == "t":
            self._listening = not self._reading
        elif known == "si":
            self._parts = []
        elif known == "rPh":
            self._reading += 1

    def end(self, name):
        known = NAMES[name]
        if known == "t":
            self._listening = False
        elif known == "si":
            self.found.append(joined(self._parts, self._longest))
        elif known == "rPh":
            self._reading -= 1

    def text(self, data):
        if self._listening:
            self._parts.append(data)


def joined(parts: list[str], longest: int) -> str:
    text = "".join(parts)
    if "_x" in text:
        text = ESCAPED.sub(lambda found: "" if found[1][:1] in "dD" and found[1][1] in "89abcdefABCDEF" else chr(int(found[1], 16)), text)
    return text[: longest + 1]


class Styles:
    """Which cell styles show a day ("date") or a duration ("span")."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._numbers: list[str] = []
        self._inside = False

    def start(self, name, attributes):
        known = NAMES[name]
        if known == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif known == "cellXfs":
            self._inside = True
        elif known == "xf" and self._inside:
            self._numbers.append(attributes.get("numFmtId", "0"))

    def end(self, name):
        if NAMES[name] == "cellXfs":
            self._inside = False

    def text(self, data):
        pass

    def kinds(self) -> dict[str, str]:
        """{style number as written in a cell: kind}"""
        found = {str(place): self._kind(number) for place, number in enumerate(self._numbers)}
        return {place: kind for place, kind in found.items() if kind}

    def _kind(self, number: str) -> str:
        code = self._codes.get(number)
        if code is None:
            given = int(number) if number.isascii() and number.isdigit() else 0
            return "date" if given in DATE_FORMATS else "span" if given == ELAPSED_FORMAT else ""
        if ELAPSED.search(code):
            return "span"
        bare = QUOTED.sub("", code.split(";")[0]).lower().replace("general", "")
        return "date" if any(letter in bare for letter in "ymdhs年月日") else ""


class Sheet:
    """Cells to rows. The gate has seen to it that rows and cells ascend and stay within the caps."""

    def __init__(self, strings: list[str], kinds: dict[str, str], day_zero_1904: bool, longest: int) -> None:
        self.rows: list[list] = []
        self.count = 0
        self._strings, self._kinds, self._longest = strings, kinds, longest
        self._shift = 1462 if day_zero_1904 else 0
        self._columns: dict[str, int] = {}
        self._row, self._column = [], -1
        self._type = self._style = ""
        self._parts: list[str] = []
        self._listening, self._reading = False, 0

    def start(self, name, attributes):
        known = NAMES[name]
        if known == "c":
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._parts = []
            reference = attributes.get("r")
            self._column = self._column_of(reference) if reference else self._column + 1
        elif known == "v" or known == "t":
            self._listening = not self._reading
        elif known == "row":
            self._begin(attributes.get("r"))
        elif known == "rPh":
            self._reading += 1

    def end(self, name):
        known = NAMES[name]
        if known == "v" or known == "t":
            self._listening = False
        elif known == "c":
            if self._parts:
                value = self._value(self._parts[0] if len(self._parts) == 1 else "".join(self._parts))
                if value is not None and value != "":
                    row = self._row
                    if len(row) < self._column:
                        row += [None] * (self._column - len(row))
                    row.append(value)
        elif known == "row":
            self.rows.append(self._row)
        elif known == "rPh":
            self._reading -= 1

    def text(self, data):
        if self._listening:
            self._parts.append(data)

    def _begin(self, given: str | None) -> None:
        number = int(given) if given else self.count + 1
        self.rows += [[]] * (number - self.count - 1)
        self.count, self._row, self._column = number, [], -1

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        place = self._columns.get(letters)
        if place is None:
            place = 0
            for letter in letters.upper():
                place = place * 26 + ord(letter) - 64
            self._columns[letters] = place = place - 1
        return place

    def _value(self, text: str):
        kind = self._type
        if kind == "s":
            try:
                return self._strings[int(text)] if text.isdigit() else self._fault("共享文本的编号不对")
            except (IndexError, ValueError):
                return self._fault("指向不存在的共享文本")
        if kind == "str" or kind == "inlineStr":
            return joined(self._parts, self._longest)
        if kind == "n":
            return self._number(text.strip())
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "d":
            return iso(text.strip())
        return self._fault("类型不能识别")

    def _number(self, text: str):
        if not NUMBER.fullmatch(text):
            return text[: self._longest + 1]  # what is no number is judged as a text
        kind, number = self._kinds.get(self._style), float(text)
        if not kind:
            return number
        return {"other": text} if kind == "span" else moment(number + self._shift)

    def _fault(self, what: str):
        letters, number = "", self._column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        raise Fault(f"{letters}{self.count}", what)


def iso(text: str):
    try:
        return {"datetime": datetime.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=None).isoformat()}
    except ValueError:
        return text


def moment(serial: float):
    """A day number of Excel, whose 1900 has a 29 February that never was. A time without a day is none."""
    if not 1 <= serial < 2_958_466 or int(serial) == 60:
        return {"other": str(serial)}
    zero = datetime.datetime(1899, 12, 31 if serial < 60 else 30)  # noqa: DTZ001 - a day in a cell has no zone
    found = zero + datetime.timedelta(days=int(serial), seconds=round((serial % 1) * 86400))
    return {"datetime": found.isoformat()}


def out(lines: list) -> None:
    if lines:
        sys.stdout.write("\n".join([json.dumps(line, ensure_ascii=False) for line in lines]) + "\n")
        lines.clear()


def read(order: dict) -> None:
    longest = order["longest"]
    with zipfile.ZipFile(order["file"]) as archive:
        strings, styles = Strings(longest), Styles()
        if order["strings"]:
            parse(archive, order["strings"], strings)
        if order["styles"]:
            parse(archive, order["styles"], styles)
        sheet = Sheet(strings.found, styles.kinds(), order["since_1904"], longest)
        parse(archive, order["sheet"], sheet, lambda: out(sheet.rows))
        out(sheet.rows)
    out([{"rows": sheet.count}])


def main(order: str) -> int:
    """ORDER: file, sheet, strings and styles (part names, '' = none), since_1904, longest (characters of a text), memory, cpu_seconds."""
    wanted = json.loads(order)
    limit(wanted["memory"], wanted["cpu_seconds"])
    try:
        read(wanted)
        sys.stdout.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    except Fault as fault:
        place, what = fault.args
        out([{"fault": what, "place": place}])
        sys.stdout.flush()
    except Exception as fault:  # noqa: BLE001 - whatever goes wrong, the parent only needs to know that it did
        return OUT_OF_MEMORY if getattr(fault, "code", getattr(fault, "errno", 0)) in NO_MEMORY else BROKEN
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.exit(main(sys.argv[1]))
