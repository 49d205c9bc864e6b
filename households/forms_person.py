"""The form of one member: the person's own papers and the sections of `fields.MEMBER`."""

from collections.abc import Mapping
from datetime import date

from django import forms

from core.web.fields import DayField, LineField, NameField
from households import codes
from households.entries import HEAD
from households.fields import MEMBER
from households.forms_fields import UNKNOWN, field_of, initial_of
from households.models import Membership, Sex
from households.person import PersonEntry
from households.secrets import reveal

OWN = ("name", "relation", "id_kind", "identity", "birth", "sex", "ethnicity")
KEPT = "已登记，留空表示不改。"


class MemberPageForm(forms.Form):
    """Fields of the person first, then all of MEMBER. `head` fixes the relation, `has_number` and `has_card` change the help."""

    name = NameField(label="姓名")
    relation = forms.ChoiceField(label="与户主关系")
    id_kind = forms.ChoiceField(label="证件类型", choices=[UNKNOWN, *codes.ID_KIND.choices], required=False)
    identity = LineField(label="证件号码", longest=40, numbers=True, required=False, help_text="18 位；出生日期和性别自动带出。")
    take_offer = forms.BooleanField(label="已与本人核对，按 18 位号码登记", required=False)
    birth = DayField(label="出生日期", required=False, future=False)
    sex = forms.ChoiceField(label="性别", choices=[("", "由证件带出"), *Sex.choices], required=False)
    ethnicity = forms.ChoiceField(label="民族", choices=[UNKNOWN, *codes.ETHNICITY.choices], required=False)
    no_card = forms.BooleanField(label="没有残疾证，去掉登记的号码", required=False)

    def __init__(self, *args, head: bool, has_number: bool = False, has_card: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        relations = {code: label for code, label in codes.RELATION.items.items() if (code == HEAD) == head}
        self.fields["relation"].choices = list(relations.items())
        if has_number:
            self.fields["identity"].help_text = KEPT
        for name, one in MEMBER.named.items():
            self.fields[name] = field_of(one, taps=True)
        self.fields["skilled_certificate"] = forms.BooleanField(label="有技能资质证书", required=False)
        card = MEMBER.named["disability_number"]
        self.fields["disability_number"] = LineField(label=card.caption, longest=40, numbers=True, required=False, help_text=KEPT if has_card else card.help)
        self.offers_old_number, self.has_card = False, has_card

    def clean_health(self) -> str:
        """Stored as codes with commas; healthy stands alone."""
        chosen = self.cleaned_data["health"]
        if "01" in chosen and chosen != "01":
            raise forms.ValidationError("选了“健康”就不能再选其他。")
        return chosen

    @property
    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(code, title, fields) for the page: 本人 first."""
        own = [self[name] for name in OWN]
        if self.offers_old_number:
            own.insert(OWN.index("identity") + 1, self["take_offer"])
        parts = [("own", "本人", own)]
        for section in MEMBER.sections:
            fields = [self[one.name] for one in section.fields]
            if section.code == "health" and self.has_card:
                fields.insert([one.name for one in section.fields].index("disability_number") + 1, self["no_card"])
            parts.append((section.code, section.title, fields))
        return parts

    @property
    def entry(self) -> PersonEntry:
        data = self.cleaned_data
        facts = {name: data[name] for name in MEMBER.plain}
        card = "" if data["no_card"] and not data["disability_number"] else (data["disability_number"] or None)
        own = {name: data[name] for name in OWN}
        secrets = {"phone": data["phone"], "disability_number": card}
        return PersonEntry(**own, takes_offer=data["take_offer"], facts=facts, secrets=secrets)



def member_initial(row: Membership) -> dict[str, object]:
    """What the page shows of a stored member: the numbers of papers never, the telephone opened (the page is for those who edit)."""
    person = row.person
    own = {name: getattr(person, name) for name in ("name", "id_kind", "birth", "sex", "ethnicity")} | {"relation": row.relation}
    facts = {name: initial_of(MEMBER.named[name], getattr(row, name)) for name in MEMBER.plain}
    return own | facts | {"skilled_certificate": row.skilled_certificate, "phone": reveal(row, "phone")}


def initial_of_ledger(document: Mapping[str, object], code: str) -> dict[str, object]:
    """What the page showed at an earlier version, as far as its ledger document tells; {} where the member is not in it."""
    row = next((one for one in document.get("members", ()) if one.get("code") == code), {})
    values = {name: initial_of(MEMBER.named[name], row[name]) for name in MEMBER.plain if name in row}
    own = {name: row[name] for name in ("name", "id_kind", "sex", "ethnicity", "relation", "phone") if name in row}
    if row.get("birth"):
        own["birth"] = date.fromisoformat(row["birth"])
    return values | own | ({"skilled_certificate": row["skilled_certificate"]} if "skilled_certificate" in row else {})
