from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from themis.models import TrackedModel

if TYPE_CHECKING:
    from accounts.models import User


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def for_user(self, user: "User") -> Self:
        return self.filter(customer=user)

    def unpaid(self) -> Self:
        return self.filter(paid_on=None, due_on__lt=timezone.localdate())


class Invoice(TrackedModel):
    TRACKED = ("paid_on",)

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="invoices",
        verbose_name=_("customer"),
    )
    number = models.CharField(_("number"), max_length=20)
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("due"))
    paid_on = models.DateField(_("paid"), null=True, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("invoices:detail", args=[self.pk])
