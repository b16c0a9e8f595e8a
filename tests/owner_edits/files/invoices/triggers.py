"""Who is notified of what, and when."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from invoices.models import Invoice
from themis.formatting import format_date_lazy
from themis.notifications import notify_user


def invoice_paid(invoice: Invoice) -> None:
    """Thank the customer."""
    notify_user(
        invoice.customer,
        format_lazy(_("Invoice {number} is paid"), number=invoice.number),
        level="success",
        url=invoice.get_absolute_url(),
        source_app="invoices",
        source_model="Invoice.paid",
        source_id=str(invoice.pk),
        deduplicate=True,
    )


def remind_of_unpaid() -> int:
    """Remind customers of what they have not paid. Return how many."""
    return sum(
        notify_user(
            invoice.customer,
            format_lazy(_("Invoice {number} is unpaid"), number=invoice.number),
            format_lazy(_("It was due {day}."), day=format_date_lazy(invoice.due_on)),
            level="warning",
            url=invoice.get_absolute_url(),
            source_app="invoices",
            source_model="Invoice",
            source_id=str(invoice.pk),
            deduplicate=True,
        )
        is not None
        for invoice in Invoice.objects.unpaid().select_related("customer")
    )
