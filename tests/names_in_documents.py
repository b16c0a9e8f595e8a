"""Names that documents take for granted. A test of the template wrote this file."""

import doctest
import shlex
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import get_commands, load_command_class
from django.template import engines

from accounts.models import User
from orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """A user who sees 31.12.2026 3:30 PM and 1.234,50, in the time zone of Berlin."""
    user = User.objects.create_user("ada", "ada@example.com")
    user.profile.timezone = "Europe/Berlin"
    user.profile.date_format = "d.m.Y"
    user.profile.time_format = "g:i A"
    user.profile.number_format = "1.234.567,89"
    user.profile.save()
    return user


@pytest.fixture
def order(user: User) -> Order:
    return Order.objects.create(customer=user, number="A-17")


@pytest.fixture
def total() -> Decimal:
    return Decimal("1234.50")


@pytest.fixture
def due() -> date:
    return date(2026, 12, 31)


@pytest.fixture
def count() -> int:
    return 3


def compile_template(template: str) -> None:
    engines["django"].from_string(template)


def parse_options(name: str, options: str) -> None:
    command = load_command_class(str(get_commands()[name]), name)
    command.create_parser("manage.py", name).parse_args(shlex.split(options))


def run_examples(document: str, user: User) -> None:
    results = doctest.testfile(document, module_relative=False, globs={"user": user})
    assert results.failed == 0
