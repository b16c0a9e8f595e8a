"""API keys: they let a script act for one user, without the user's password.

    key, text = issue(user, "Nightly build", ["notifications:send"], days=30)
    verify(text, "192.0.2.7")  # the key, or None

`themis.api` checks keys over HTTP; this package knows nothing about requests.
"""

from themis.api_keys.expiry import EXPIRY_WARNING, warn_of_expiry
from themis.api_keys.issuing import (
    ACTIVE_KEYS,
    LIFETIME_DAYS,
    LONGEST_DAYS,
    FormUsedError,
    IssueError,
    issue,
    rotate,
)
from themis.api_keys.verification import verify

__all__ = [
    "ACTIVE_KEYS",
    "EXPIRY_WARNING",
    "LIFETIME_DAYS",
    "LONGEST_DAYS",
    "FormUsedError",
    "IssueError",
    "issue",
    "rotate",
    "verify",
    "warn_of_expiry",
]
