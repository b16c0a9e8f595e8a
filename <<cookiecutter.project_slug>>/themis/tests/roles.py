"""The notation of the expectations of `test_authorization`.

A row has the status for each role: a session or a key. Pages ignore keys, so with one,
everybody is anonymous. The API ignores sessions.
"""

Row = tuple[int, ...]
LOG_IN = 302


def page(nobody: int, other_user: int, owner: int, staff: int) -> Row:
    return (nobody, other_user, owner, staff, nobody, nobody, nobody, nobody)


def operation(without_scope: int, with_scope: int) -> Row:
    return (401, 401, 401, 401, without_scope, with_scope, 401, 401)


def everybody(status: int) -> Row:
    return (status,) * 8


def users(status: int) -> Row:
    """Signed-in users."""
    return page(LOG_IN, status, status, status)


def owner(status: int) -> Row:
    """Only the owner. For others, it does not exist."""
    return page(LOG_IN, 404, status, 404)
