"""A hand that does what a person does on a page and counts it: taps (or key presses that move about), and characters typed."""

from dataclasses import dataclass

MOST_TABS = 60
ITSELF = "box => document.activeElement === box"
GROUP = "box => document.activeElement.type === 'radio' && document.activeElement.name === box.name"
STEPS = """box => { const all = [...document.getElementsByName(box.name)];
  return all.indexOf(box) - all.indexOf(document.activeElement); }"""
IN_A_BOX = "document.activeElement.matches('input')"


@dataclass
class Count:
    taps: int = 0
    keys: int = 0


class Hand:
    """Finger and soft keyboard. `step(name)` opens a line of the count; every later act is written on it."""

    def __init__(self, page) -> None:
        self.page, self.steps = page, {}
        self.step("")

    def step(self, name: str) -> None:
        self.now = self.steps.setdefault(name, Count())

    def press(self, target) -> None:
        """A button, a link, a radio or a tick."""
        self.now.taps += 1
        target.click()

    def write(self, target, text: str) -> None:
        """One tap into the box, unless the page has put the cursor there already."""
        if not target.evaluate(ITSELF):
            self.now.taps += 1
            target.focus()
        self.now.keys += len(text)
        target.fill(text)

    def choose(self, target, label: str) -> None:
        """Two taps: the list, the line."""
        self.now.taps += 2
        target.select_option(label=label)

    def enter(self, button) -> None:
        """Sends the form."""
        self.press(button)

    @property
    def total(self) -> Count:
        return Count(sum(one.taps for one in self.steps.values()), sum(one.keys for one in self.steps.values()))

    def table(self) -> str:
        rows = [f"| {name} | {one.taps} | {one.keys} |" for name, one in self.steps.items() if one.taps or one.keys]
        return "\n".join([*rows, f"| 合计 | {self.total.taps} | {self.total.keys} |"])


class Keys(Hand):
    """The keyboard alone: Tab walks to the target, arrows choose, Enter and the space bar act. `taps` counts every key but the text."""

    def press(self, target) -> None:
        kind = target.get_attribute("type") or ""
        if kind == "radio":
            return self._turn_to(target)
        self._walk(target)
        return self._key("Space" if kind == "checkbox" else "Enter")

    def _turn_to(self, radio) -> None:
        """Tab comes to the group, arrows go round in it and choose."""
        self._walk(radio, GROUP)
        steps = radio.evaluate(STEPS)
        for _ in range(abs(steps)):
            self._key("ArrowDown" if steps > 0 else "ArrowUp")
        if not steps:
            self._key("Space")

    def write(self, target, text: str) -> None:
        self._walk(target)
        self.now.keys += len(text)
        self.page.keyboard.insert_text(text)

    def choose(self, target, label: str) -> None:
        self._walk(target)
        steps = target.evaluate(
            "(box, label) => [...box.options].findIndex((one) => one.label === label) - box.selectedIndex", label
        )
        for _ in range(abs(steps)):
            self._key("ArrowDown" if steps > 0 else "ArrowUp")

    def enter(self, button) -> None:
        """Enter in a box sends the form by its first button; elsewhere one walks to the button."""
        if self.page.evaluate(IN_A_BOX):
            self._key("Enter")
        else:
            self.press(button)

    def _walk(self, target, there: str = ITSELF) -> None:
        for _ in range(MOST_TABS):
            if target.evaluate(there):
                return
            self._key("Tab")
        raise AssertionError(f"Tab never came to {target}")

    def _key(self, name: str) -> None:
        self.now.taps += 1
        self.page.keyboard.press(name)
