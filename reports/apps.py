from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The way out: tables, workbooks, home page."""

    name = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        from households.panels import register_panel
        from reports import fontcheck, guards  # noqa: F401
        from reports.panels_papers import papers_panel

        register_panel(papers_panel)
