from django.apps import AppConfig


class VillagesConfig(AppConfig):
    """Places: county, township, village, villager group."""

    name = "villages"
    verbose_name = "地点"

    def ready(self) -> None:
        from villages import guards  # noqa: F401
