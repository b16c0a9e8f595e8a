"""Emails about notifications go to an address that its owner has confirmed."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser

from accounts.addresses import verified_address

pytestmark = pytest.mark.django_db


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
