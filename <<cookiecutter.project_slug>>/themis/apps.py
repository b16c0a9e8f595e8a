from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class ThemisConfig(AppConfig):
    name = "themis"
    verbose_name = _("Notifications and preferences")

    def ready(self) -> None:
        for name in ("checks", "signals"):
            import_module(f"themis.{name}")
        import_module("themis.security.events").connect()
        if apps.is_installed("allauth.mfa"):
            import_module("themis.security.second_factors")
