"""The JSON API under /api/v1/: the mailbox of the user who owns the API key.

    @router.get("/{int:id}", auth=APIKeyAuth("tasks:read"), response=TaskOut)
    def task_get(request: APIRequest, id: int) -> Task: ...

Apps import everything that they need to add operations from here. See "Your own
operations" in `docs/api.md`.
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
