from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Rubric, survey and score."""

    name = "assessment"
    verbose_name = "评估"

    def ready(self) -> None:
        from assessment import guards  # noqa: F401
        from assessment.case_panel import case_panel
        from assessment.panels import household_panel
        from households.panels import register_panel

        register_panel(household_panel)
        register_panel(case_panel)
