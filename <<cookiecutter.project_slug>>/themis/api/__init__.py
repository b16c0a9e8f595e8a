"""The JSON API under /api/v1/: the mailbox of the user whose API key a request has.

    @router.get("/{int:id}", auth=APIKeyAuth("tasks:read"), response=TaskOut)
    def task_get(request: APIRequest, id: int) -> Task: ...

Everything that an app needs to add operations is imported from here. `docs/api.md`
shows how, in "Your own operations".
"""

from themis.api.auth import APIKeyAuth, APIRequest, api_key_required, authenticate
from themis.api.problems import ProblemError
from themis.api.routing import api, server_error

__all__ = [
    "APIKeyAuth",
    "APIRequest",
    "ProblemError",
    "api",
    "api_key_required",
    "authenticate",
    "server_error",
]
