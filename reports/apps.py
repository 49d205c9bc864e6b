from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The way out: tables, workbooks, home page."""

    name = "reports"
    verbose_name = "报表"
