from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and rights."""

    name = "accounts"
    verbose_name = "人员与权限"

    def ready(self) -> None:
        from accounts import guards, signals  # noqa: F401
