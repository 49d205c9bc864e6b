"""Made-up persons for the demo: names from common parts, ID numbers of an area that was never issued.

Not 522399, which the made-up rosters use: a roster brought to the demo must not meet a person of the generator.
"""

from datetime import date, timedelta
from random import Random

from core.ids import check_character

SURNAMES = "田向彭覃张王李杨吴刘陈滕黄邓周余舒姚曾谢"
MALE = ("建国", "志成", "永富", "大军", "昌明", "兴华", "文斌", "德建", "光荣", "启明", "家顺", "世英", "国安", "远志", "正平", "天佑", "福生", "长林")
FEMALE = ("桂英", "晓燕", "维珍", "秀兰", "金莲", "玉梅", "春霞", "菊香", "冬梅", "红艳", "小妹", "翠花", "礼莲", "美玉", "银凤", "雪琴", "海秀", "云珍")
UNUSED_AREA = "522398"


class People:
    """Hands out persons; every ID number once. Sequence numbers count per birth date."""

    def __init__(self, random: Random, taken: set[str]) -> None:
        self.random = random
        self.taken = taken

    def name(self, sex: str, surname: str = "") -> str:
        return (surname or self.random.choice(SURNAMES)) + self.random.choice(MALE if sex == "M" else FEMALE)

    def birth(self, youngest: int, oldest: int, today: date) -> date:
        """A birth date of somebody aged youngest..oldest on `today`."""
        days = self.random.randint(youngest * 365 + youngest // 4 + 1, oldest * 365 + oldest // 4 + 300)
        return today - timedelta(days=days)

    def identity(self, birth: date, sex: str) -> str:
        """A right number that nobody in the county has."""
        while True:
            sequence = self.random.randrange(500) * 2 + (1 if sex == "M" else 0)
            body = f"{UNUSED_AREA}{birth:%Y%m%d}{sequence:03d}"
            number = body + check_character(body)
            if number not in self.taken:
                self.taken.add(number)
                return number
