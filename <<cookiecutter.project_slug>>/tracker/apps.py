from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        import_module("tracker.signals")
