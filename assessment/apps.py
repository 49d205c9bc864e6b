from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Rubric, survey and score."""

    name = "assessment"
    verbose_name = "评估"

    def ready(self) -> None:
        from assessment import guards, procedure_files  # noqa: F401
        from assessment.answer_doubts import answer_findings, answer_names
        from assessment.case_panel import case_panel
        from assessment.consent_panel import consent_panel
        from assessment.models import Evidence, LookPhoto, Signing
        from assessment.moving_obstacles import case_in_hand
        from assessment.panels import household_panel, survey_step
        from assessment.photos_view import photos_panel
        from assessment.selectors import reference_day_of
        from assessment.selectors_consent import paper_context
        from core.uploads import store
        from households.obstacles import register_obstacle
        from households.panels import register_next_step, register_panel
        from households.paper_context import register_paper_source
        from households.quality_sources import register_source
        from households.reference import register_reference

        procedure_files.load()
        register_panel(household_panel)
        register_next_step(survey_step)
        register_panel(photos_panel)
        register_source(answer_findings, answer_names)
        register_panel(case_panel)
        register_obstacle(case_in_hand)
        register_panel(consent_panel)
        register_paper_source(paper_context)
        register_reference(reference_day_of)
        store.register_owner(lambda sha256: Evidence.objects.filter(sha256=sha256).exists())
        store.register_owner(lambda sha256: Signing.objects.filter(sha256=sha256).exists())
        store.register_owner(lambda sha256: LookPhoto.names_file(sha256))
