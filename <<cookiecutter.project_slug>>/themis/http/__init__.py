"""What wraps every request: preferences, headers, the request log, and its types.

    @login_required
    def task_list(request: UserRequest) -> HttpResponse:
        tasks = request.user.assigned_tasks.all()

The middleware and the context processor stand in modules of their own.
"""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

__all__ = ["UserRequest"]


class UserRequest(HttpRequest):
    """The request that a view below `@login_required` gets: somebody is signed in.

    The type checker takes `request.user` for the project's user model, AUTH_USER_MODEL,
    instead of for a user or an anonymous visitor.
    """

    user: "User"
