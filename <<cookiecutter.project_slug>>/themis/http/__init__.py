"""Request handling: preferences, headers, the request log, and request types.

    @login_required
    def task_list(request: UserRequest) -> HttpResponse:
        tasks = request.user.assigned_tasks.all()

Import middleware and context processors from their own modules.
"""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

__all__ = ["UserRequest"]


class UserRequest(HttpRequest):
    """The request of a view under `@login_required`: its user is signed in.

    To the type checker, `request.user` is the project's user model, AUTH_USER_MODEL,
    and never an anonymous user.
    """

    user: "User"
