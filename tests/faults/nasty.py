"""What people paste and what attackers send, and the forms of a page as a browser would fill them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

ZERO, NBSP, RTL = "\u200b", "\u00a0", "\u202e"
LONG = "村" * 30_000

VALUES = (
    "１２３", f"张{ZERO}三", f"12{NBSP}3", "522399195001015", "52239919500101001x", "52239919500101001Ｘ", "52239920010229001X", "2015-02-29", "2016-02-30",
    "0000-00-00", "1e308", "1E999", "3万", "NaN", "Infinity", "-1", "-0", "9" * 40, "0" * 4000, "1.23456789", "😀👨‍👩‍👧", f"{RTL}三张", "艾孜提·买买提", "𠮷㛃䶮",
    "\ufdd0", "\x00", "\x1b[31m\x07", "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}%s%n", "=HYPERLINK(1)", "\r\nSet-Cookie: a=b", "%00%F0", "\ud800",
    "00000000-0000-4000-8000-00000000ffff", "١٢٣", "²", "true", "[]", LONG,
)  # fmt: skip
WORST = ("\x00", "\ud800", "９" * 30, "1e308", f"{ZERO}{NBSP}{RTL}", LONG, "-1", "²")
"""Sent to one field at a time, the others being right: so that they come as far as they can."""
COUNTS = ("-1", "1000000000", "x", "", "２", "²", None)
"""For the management fields of a form set; None takes them away."""
FORBIDDEN = (ZERO, NBSP, RTL, "\x00", "\x1b", "\x07", "９", "Ｘ")
"""What no stored text of a household holds."""


@dataclass
class Form:
    """One form: where it goes and what a browser would send untouched; `typed` are the names a person fills."""

    method: str
    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name in self.values if name != "csrfmiddlewaretoken"]


class _Reader(HTMLParser):
    def __init__(self, address: str):
        super().__init__()
        self.address, self.forms = address, []
        self._form: Form | None = None
        self._choice = self._area = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._form = Form((given.get("method") or "get").lower(), urljoin(self.address, given.get("action") or ""))
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "button", "select", "option", "textarea"):
            getattr(self, f"open_{tag}")(given)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._choice = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data):
        if self._form is not None and self._area:
            self._form.values[self._area] = [data.removeprefix("\n")]

    def open_input(self, given):
        name, kind = given.get("name"), given.get("type", "text")
        if not name or kind in ("submit", "button"):
            return
        if kind == "file":
            self._form.files.append(name)
        elif kind in ("checkbox", "radio"):
            known = self._form.values.setdefault(name, [])
            if "checked" in given or kind == "radio" and not known:
                self._form.values[name] = [given.get("value", "on")] if kind == "radio" else [*known, given.get("value", "on")]
        else:
            self._form.values[name] = [given.get("value") or ""]
            if kind != "hidden":
                self._form.typed.append(name)

    def open_button(self, given):
        """The first one that sends the form as it is filled is pressed."""
        if given.get("name") and "formnovalidate" not in given:
            self._form.values.setdefault(given["name"], [given.get("value", "")])

    def open_select(self, given):
        self._choice = given.get("name", "")
        if self._choice:
            self._form.values[self._choice] = []

    def open_option(self, given):
        if self._choice and ("selected" in given or not any(self._form.values[self._choice])):
            self._form.values[self._choice] = [given.get("value", "")]

    def open_textarea(self, given):
        self._area = given.get("name", "")
        if self._area:
            self._form.values[self._area] = [""]
            self._form.typed.append(self._area)


def forms_of(address: str, html: str) -> list[Form]:
    """Every form of the page, filled as the page fills it."""
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms
