"""The responses that `test_authorization` expects from Themis' routes."""

from types import SimpleNamespace

from themis.api_keys import issue
from themis.digests.unsubscribing import token_of
from themis.notifications import notify_user
from themis.tests.roles import everybody, operation, owner, page, users


def notification(user):
    return notify_user(user, "Hello")


# By URL module, because a project chooses the path of each.
OBJECTS = {
    "themis.urls": {
        "notifications/": notification,
        "notifications/unsubscribe/": lambda user: SimpleNamespace(
            token=token_of(user), pk=user.pk
        ),
    },
    "themis.urls.api_keys": {"": lambda user: issue(user, "CI")[0]},
    "themis.urls.api": {"notifications/": notification},
}

EXPECTED = {
    "themis.urls": {
        "favicon.ico": {"GET": everybody(302), "POST": everybody(405)},
        "healthz/": {"GET": page(404, 404, 404, 200), "POST": everybody(405)},
        "notifications/": {"GET": users(200), "POST": users(405)},
        "notifications/poll/": {
            "GET": page(401, 200, 200, 200),
            "POST": everybody(405),
        },
        "notifications/read/": {"GET": users(405), "POST": users(302)},
        "notifications/dismiss/": {"GET": users(405), "POST": users(302)},
        "notifications/restore/": {"GET": users(405), "POST": users(302)},
        "notifications/<int:pk>/open/": {"GET": users(405), "POST": owner(302)},
        "notifications/<int:pk>/read/": {"GET": users(405), "POST": owner(302)},
        "notifications/<int:pk>/unread/": {"GET": users(405), "POST": owner(302)},
        "notifications/<int:pk>/dismiss/": {"GET": users(405), "POST": owner(302)},
        "notifications/<int:pk>/restore/": {"GET": users(405), "POST": owner(302)},
        # `notification()` sends one without a kind.
        "notifications/<int:pk>/mute/": {"GET": users(405), "POST": users(404)},
        "notifications/unsubscribe/<str:token>/": {
            "GET": everybody(200),
            "POST": everybody(200),
        },
        "settings/": {"GET": users(200), "POST": users(200)},
        "settings/test-notification/": {"GET": users(405), "POST": users(302)},
    },
    "themis.urls.api_keys": {
        "": {"GET": users(200), "POST": users(405)},
        "new/": {"GET": users(200), "POST": users(200)},
        "<int:pk>/rotate/": {"GET": owner(200), "POST": owner(200)},
        "<int:pk>/revoke/": {"GET": users(405), "POST": owner(302)},
    },
    "themis.urls.styleguide": {"": {"GET": users(200), "POST": users(405)}},
    "themis.urls.api": {
        "": {"GET": everybody(404), "POST": everybody(404)},
        r"(?P<unknown>[\s\S]+)": {"GET": everybody(404), "POST": everybody(404)},
        "docs/": {"GET": users(200), "POST": users(405)},
        "openapi.json": {"GET": users(200), "POST": users(405)},
        "me": {"GET": operation(200, 200), "POST": everybody(405)},
        "notifications": {"GET": operation(403, 200), "POST": operation(403, 422)},
        "notifications/unread-count": {
            "GET": operation(403, 200),
            "POST": everybody(405),
        },
        "notifications/read": {"GET": everybody(405), "POST": operation(403, 200)},
        "notifications/dismiss": {"GET": everybody(405), "POST": operation(403, 200)},
        "notifications/<int:id>": {"GET": operation(403, 200), "POST": everybody(405)},
        "notifications/<int:id>/read": {
            "GET": everybody(405),
            "POST": operation(403, 200),
        },
        "notifications/<int:id>/unread": {
            "GET": everybody(405),
            "POST": operation(403, 200),
        },
        "notifications/<int:id>/dismiss": {
            "GET": everybody(405),
            "POST": operation(403, 204),
        },
        "notifications/<int:id>/restore": {
            "GET": everybody(405),
            "POST": operation(403, 200),
        },
    },
}
