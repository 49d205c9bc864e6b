from django.apps import AppConfig


class VillagesConfig(AppConfig):
    """Places: county, township, village, villager group."""

    name = "villages"
    verbose_name = "地点"
