from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from invoices.models import Invoice
from invoices.tasks import remind_of_unpaid
from tests.forms import submit
from tests.invoices.authorization import invoice_of
from themis.api_keys import issue
from themis.testing import assert_notified

API = reverse("themis-api:api-root")


@pytest.fixture
def invoice(user: User) -> Invoice:
    return invoice_of(user)


def test_create(client: Client, user: User) -> None:
    client.force_login(user)
    submit(client, "/invoices/new/", number="R-2", total="1234.50")

    assert Invoice.objects.get().total == Decimal("1234.50")
    assert "1,234.50" in client.get("/invoices/").content.decode()


def test_pay(client: Client, invoice: Invoice, user: User) -> None:
    client.force_login(user)
    client.post(f"/invoices/{invoice.pk}/pay/")

    assert_notified(
        user, level="success", source=("invoices", "Invoice.paid", invoice.pk)
    )


def test_command_and_task_remind_once(invoice: Invoice, user: User) -> None:
    assert invoice.due_on == date(2026, 3, 9)
    call_command("remind_of_unpaid", verbosity=0)
    remind_of_unpaid.delay()

    assert_notified(user, source=("invoices", "Invoice", invoice.pk), times=1)


def test_key_reads(invoice: Invoice, user: User) -> None:
    _key, text = issue(user, "Test", ["invoices:read"])
    headers = {"Authorization": f"Bearer {text}"}

    answer = Client().get(f"{API}invoices", headers=headers)

    assert [each["number"] for each in answer.json()] == ["R-1"]
