"""Which address gets emails, and what its owner can do with each."""

import re

import pytest
from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser
from django.test import Client
from django.urls import reverse

from accounts.addresses import verified_address

pytestmark = pytest.mark.django_db

with_several = pytest.mark.skipif(
    app_settings.CHANGE_EMAIL, reason="A user has one address, which is replaced."
)


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([], ""),
        ([("ada@example.com", True, False)], ""),
        ([("ada@example.com", True, True)], "ada@example.com"),
        (
            [("a@example.com", False, True), ("b@example.com", True, True)],
            "b@example.com",
        ),
        (
            [("a@example.com", False, True), ("b@example.com", True, False)],
            "a@example.com",
        ),
    ],
    ids=["none", "unverified", "verified", "the primary one", "the verified one"],
)
def test_verified_address(
    user: AbstractUser, addresses: list[tuple[str, bool, bool]], expected: str
) -> None:
    EmailAddress.objects.all().delete()
    for email, primary, verified in addresses:
        EmailAddress.objects.create(
            user=user, email=email, primary=primary, verified=verified
        )

    assert verified_address(user) == expected


def actions(client: Client) -> dict[str, set[str]]:
    """Return the actions that the page offers for each address."""
    page = client.get(reverse("account_email")).text
    return {
        match[1]: set(re.findall(r'name="action_(\w+)"', form))
        for form in re.findall(r"<form.*?</form>", page, re.DOTALL)
        if (match := re.search(r'name="email" value="([^"]+)"', form))
    }


@with_several
def test_each_address_offers_only_useful_actions(
    client: Client, user: AbstractUser
) -> None:
    client.force_login(user)
    EmailAddress.objects.all().delete()
    add = EmailAddress.objects.create
    add(user=user, email=user.email, primary=True, verified=True)
    assert actions(client) == {}

    add(user=user, email="verified@example.com", verified=True)
    add(user=user, email="new@example.com", verified=False)
    assert actions(client) == {
        "verified@example.com": {"primary", "remove"},
        "new@example.com": {"send", "remove"},
    }


@with_several
def test_the_only_address_can_be_verified(client: Client, user: AbstractUser) -> None:
    client.force_login(user)
    EmailAddress.objects.all().delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    assert actions(client) == {user.email: {"send"}}
