from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        from tracker import signals  # noqa: F401
