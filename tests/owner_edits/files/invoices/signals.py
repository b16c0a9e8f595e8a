from django.db.models.signals import post_save
from django.dispatch import receiver

from invoices import triggers
from invoices.models import Invoice


@receiver(post_save, sender=Invoice)
def on_payment(sender: type[Invoice], instance: Invoice, **kwargs: object) -> None:
    if instance.tracker.has_changed("paid_on") and instance.paid_on:
        triggers.invoice_paid(instance)
