"""What `test_authorization` expects of allauth's routes, as far as they exist.

Its users have no password. Views that ask for the password again let them through,
unless they have a second factor.
"""

from django.apps import apps

from themis.tests.roles import everybody, owner, page, users


def passkey(user):
    model = apps.get_model("mfa", "Authenticator")
    return model.objects.create(user=user, type="webauthn", data={"name": "My key"})


OBJECTS = {"accounts/2fa/webauthn/keys/": passkey}

VISITORS = page(200, 302, 302, 302)
REDIRECT = everybody(302)

EXPECTED = {
    f"accounts/{route}": {"GET": get, "POST": post}
    for route, (get, post) in {
        "2fa/": (users(200), users(405)),
        "2fa/authenticate/": (REDIRECT, REDIRECT),
        "2fa/reauthenticate/": (users(403), users(403)),
        "2fa/recovery-codes/": (users(404), users(405)),
        "2fa/recovery-codes/download/": (users(404), users(404)),
        "2fa/recovery-codes/generate/": (users(200), users(200)),
        "2fa/totp/activate/": (users(200), users(200)),
        "2fa/totp/deactivate/": (users(404), users(404)),
        "2fa/webauthn/": (users(200), users(405)),
        "2fa/webauthn/add/": (users(200), users(200)),
        "2fa/webauthn/keys/<int:pk>/edit/": (owner(200), owner(200)),
        "2fa/webauthn/keys/<int:pk>/remove/": (owner(200), owner(302)),
        "2fa/webauthn/login/": (REDIRECT, REDIRECT),
        "2fa/webauthn/reauthenticate/": (users(403), users(403)),
        r"^confirm-email/(?P<key>[-:\w]+)/$": (everybody(200), everybody(404)),
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
            everybody(200),
            everybody(200),
        ),
        "confirm-email/": (everybody(200), everybody(405)),
        "email/": (users(200), REDIRECT),
        "inactive/": (everybody(200), everybody(405)),
        "login/": (VISITORS, VISITORS),
        "login/code/confirm/": (REDIRECT, REDIRECT),
        "logout/": (users(200), REDIRECT),
        "password/change/": (REDIRECT, REDIRECT),
        "password/reset/": (everybody(200), everybody(200)),
        "password/reset/done/": (everybody(200), everybody(405)),
        "password/reset/key/done/": (everybody(200), everybody(405)),
        "password/set/": (users(200), users(200)),
        "reauthenticate/": (users(403), users(403)),
        "sessions/": (users(200), REDIRECT),
        "signup/": (VISITORS, VISITORS),
    }.items()
}
