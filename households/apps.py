from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    """Facts of households and persons."""

    name = "households"
    verbose_name = "农户"

    def ready(self) -> None:
        from households import guards  # noqa: F401
