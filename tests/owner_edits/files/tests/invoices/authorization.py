from datetime import date
from typing import Any

from invoices.models import Invoice
from themis.tests.roles import owner, users

OBJECTS = {
    "invoices/": lambda user: invoice_of(user),
}

EXPECTED = {
    "invoices/<int:pk>/": {"GET": owner(200), "POST": users(405)},
    "invoices/<int:pk>/pay/": {"GET": users(405), "POST": owner(302)},
}


def invoice_of(user: Any) -> Invoice:
    return Invoice.objects.create(
        customer=user, number="R-1", total=9, due_on=date(2026, 3, 9)
    )
