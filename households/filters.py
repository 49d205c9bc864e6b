"""One FilterSet for page, API and export."""

import django_filters
from django.db.models import Q, QuerySet

from households.codes import ATTRIBUTE, CAUSE, EXIT_STATUS, TIER
from households.models import Household, Membership
from households.searching import sought
from villages.filters import PlaceBox, PlaceFilterSet

NOT_SURVEYED, SURVEYED = "no", "yes"


class HouseholdFilter(PlaceFilterSet):
    """Place, class, register facts; `q` is a name or its initials (head or member), or a household number (`households.searching`)."""

    q = django_filters.CharFilter(method="search", label="姓名、拼音首字母或户编号")
    township = PlaceBox(label="乡镇", empty_label="全部乡镇")
    village = PlaceBox(label="村", empty_label="全部村")
    group = PlaceBox(label="组", empty_label="全部组")
    tier = django_filters.ChoiceFilter(choices=TIER.choices, method="by_tier", label="六看分类", empty_label="全部分类")
    surveyed = django_filters.ChoiceFilter(
        choices=[(SURVEYED, "已评估"), (NOT_SURVEYED, "未评估")], method="by_surveyed", label="评估", empty_label="评估与否"
    )
    attribute = django_filters.ChoiceFilter(choices=ATTRIBUTE.choices, label="贫困户属性", empty_label="全部属性")
    cause = django_filters.ChoiceFilter(choices=CAUSE.choices, label="主要致贫原因", empty_label="全部原因")
    exit_status = django_filters.ChoiceFilter(choices=EXIT_STATUS.choices, label="脱贫属性", empty_label="全部脱贫属性")

    class Meta:
        model = Household
        fields = ["q", "township", "village", "group", "tier", "surveyed", "attribute", "cause", "exit_status"]

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = sought(value)
        if wanted.code_end:
            return queryset.filter(code__endswith=wanted.code_end)
        if wanted.code_start:
            return queryset.filter(code__startswith=wanted.code_start)
        members = Membership.objects.visible_to(self.request.scope).current()
        if wanted.initials:
            found = members.filter(person__pinyin__startswith=wanted.initials)
            return queryset.filter(Q(head_pinyin__startswith=wanted.initials) | Q(pk__in=found.values("household_id")))
        found = members.filter(person__name__startswith=wanted.name)
        return queryset.filter(Q(head_name__startswith=wanted.name) | Q(pk__in=found.values("household_id")))

    def by_tier(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(pk__in=self._surveyed().filter(surveys__score__tier=value).values("pk"))

    def by_surveyed(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        surveyed = Q(pk__in=self._surveyed().values("pk"))
        return queryset.filter(surveyed if value == SURVEYED else ~surveyed)

    def _surveyed(self) -> QuerySet:
        """Households with a submitted form in an open round; the survey app is above, so its rows are named by relation only."""
        rows = Household.objects.visible_to(self.request.scope)
        return rows.filter(surveys__status="submitted", surveys__round__status="open")
