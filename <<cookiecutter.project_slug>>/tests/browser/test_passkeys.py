"""Create, rename and use passkeys, with Chromium's virtual authenticator."""

import re

import pytest

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(visit):
    page = visit().context.new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_sign_in_with_a_passkey(site, page):
    site.sign_in(page, "grace")
    page.goto(f"{site.url}/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Laptop")
    assert page.get_by_label("without a password").is_checked()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))

    page.goto(f"{site.url}/accounts/2fa/webauthn/")
    page.get_by_role("listitem").filter(has_text="Laptop").get_by_text("Rename").click()
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("listitem").filter(has_text="Work laptop").wait_for()

    page.context.clear_cookies()
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{site.url}/")
    assert page.get_by_role("button", name=re.compile("^Menu of Grace")).is_visible()
