"""What every page knows of Themis. Costs a query only where the bell is shown."""

from django.conf import settings
from django.http import HttpRequest

from themis.models.profile import Theme
from themis.notifications.bell import Bell


def themis(request: HttpRequest) -> dict[str, object]:
    """`project_name`, and for who is logged in `bell`, `preferences` and `theme`.

    `theme` is empty when the device decides.
    """
    context: dict[str, object] = {"project_name": settings.PROJECT_NAME}
    # An error that an early middleware answers comes before anybody is known.
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        preferences = user.profile
        context["bell"] = Bell(user)
        context["preferences"] = preferences
        if preferences.theme != Theme.SYSTEM:
            context["theme"] = preferences.theme
    return context
