"""The filter of the caller's own jobs."""

import django_filters

from core.jobs import kind_name
from core.models import Job, JobState


class JobFilter(django_filters.FilterSet):
    """Only kinds that the caller has ever asked for are offered."""

    kind = django_filters.ChoiceFilter(choices=(), label="种类", empty_label="全部种类")
    state = django_filters.ChoiceFilter(choices=JobState.choices, label="状态", empty_label="全部状态")

    class Meta:
        model = Job
        fields = ["kind", "state"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.queryset.order_by("kind").values_list("kind", flat=True).distinct()
        self.filters["kind"].extra["choices"] = [(kind, kind_name(kind)) for kind in kinds]
