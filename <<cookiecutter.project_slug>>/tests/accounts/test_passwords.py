"""Which passwords people may choose, and how they are stored."""

import pytest
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

FAST = ("MD5", "SHA1", "SHA256", "Unsalted")


def is_allowed(password: str) -> bool:
    try:
        validate_password(password)
    except ValidationError:
        return False
    return True


def test_passwords() -> None:
    for password in ("1234567", "x7%kQ2z", "password1", "qwertyuiop", "letmein1"):
        assert not is_allowed(password), password
    for password in ("correct horse battery staple", "ünïcödé überall", "x7%kQ2zP" * 8):
        assert is_allowed(password), password


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_hash_is_slow() -> None:
    assert not get_hasher().__class__.__name__.startswith(FAST)
    assert identify_hasher(make_password("a-pass-word")) is not None
