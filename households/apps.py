from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    """Facts of households and persons."""

    name = "households"
    verbose_name = "农户"

    def ready(self) -> None:
        from accounts import roles
        from core.drafts import register_kind
        from core.uploads import store
        from households import guards  # noqa: F401
        from households.doubts_panel import doubts_panel
        from households.exclusions_panel import exclusions_panel
        from households.family_panel import family_panel
        from households.income_panel import income_panel
        from households.models import Paper
        from households.panels import register_panel

        for kind in ("household.new", "household.edit", "member", "income"):
            register_kind(kind, roles.HOUSEHOLD_EDIT)
        for step in ("add", "leave", "back", "head", "split", "merge", "move", "transfer"):
            register_kind(f"family.{step}", roles.FAMILY_EVENT)
        register_kind("family.reopen", roles.FAMILY_REOPEN)
        register_kind("exclusions", roles.EXCLUSION_ASK)
        register_panel(doubts_panel)
        register_panel(exclusions_panel)
        register_panel(family_panel)
        register_panel(income_panel)
        store.register_owner(lambda sha256: Paper.objects.filter(sha256=sha256).exists())
