"""Template context of every page. Runs a query only where the bell is shown."""

from django.conf import settings
from django.http import HttpRequest

from themis import conf
from themis.models.preferences import Theme
from themis.notifications.bell import Bell


def themis(request: HttpRequest) -> dict[str, object]:
    """Add `project_name` and `theme`, and `bell` and `preferences` for a user.

    `theme` is empty when the device decides.
    """
    context: dict[str, object] = {"project_name": settings.PROJECT_NAME}
    # Early middleware may respond with an error before `request.user` is set.
    user = getattr(request, "user", None)
    theme = conf.preferences()["theme"]
    if user is not None and user.is_authenticated:
        context["bell"] = Bell(user)
        context["preferences"] = user.profile
        theme = user.profile.theme
    if theme != Theme.SYSTEM:
        context["theme"] = theme
    return context
