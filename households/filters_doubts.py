"""One FilterSet for the page of doubts and its export."""

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from households.models import Doubt, DoubtState
from households.quality import FAMILIES, SEVERITY_NAMES
from households.selectors_doubts import PRESSING, rule_choices
from villages.filters import PlaceBox, PlaceFilterSet

ALL = "all"
HOUSEHOLD_CODE = r"^[0-9]{16}\Z"
_STATES = [*DoubtState.choices, (ALL, "全部状态")]
_SEVERITIES = [*((str(one), name) for one, name in SEVERITY_NAMES.items()), (ALL, "全部程度")]


class DoubtFilter(PlaceFilterSet):
    """Without a choice: open ones that must be mended or explained."""

    severity = django_filters.ChoiceFilter(choices=_SEVERITIES, label="程度", empty_label="必须改和要说明", method="as_chosen")
    state = django_filters.ChoiceFilter(choices=_STATES, label="状态", empty_label="待处理", method="as_chosen")
    family = django_filters.ChoiceFilter(choices=list(FAMILIES.items()), label="类别", empty_label="全部类别")
    rule = django_filters.ChoiceFilter(choices=(), label="规则", empty_label="全部规则")
    township = PlaceBox(label="乡镇", empty_label="全部乡镇")
    village = PlaceBox(label="村", empty_label="全部村")
    group = PlaceBox(label="组", empty_label="全部组")
    household = django_filters.CharFilter(field_name="household__code", label="户编号", validators=[RegexValidator(HOUSEHOLD_CODE, "户编号是 16 位数字。")])

    class Meta:
        model = Doubt
        fields = ["severity", "state", "family", "rule", "township", "village", "group", "household"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.filters["rule"].extra["choices"] = rule_choices((self.data or {}).get("rule", ""))

    def as_chosen(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset if value == ALL else queryset.filter(**{name: value})

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        chosen, found = self.form.cleaned_data, super().filter_queryset(queryset)
        if not chosen.get("state"):
            found = found.filter(state=DoubtState.OPEN)
        return found if chosen.get("severity") or chosen.get("rule") else found.filter(severity__in=PRESSING)
