"""How the expectations of `test_authorization` are written down.

A row is what each role is answered: a session, or one of the keys. A page does not know
keys: with one, everybody is nobody. The API does not know sessions.
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
    """Whoever is logged in."""
    return page(LOG_IN, status, status, status)


def owner(status: int) -> Row:
    """The others do not learn that it exists."""
    return page(LOG_IN, 404, status, 404)
