from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Rubric, survey and score."""

    name = "assessment"
    verbose_name = "评估"

    def ready(self) -> None:
        from assessment import guards  # noqa: F401
