from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from invoices.models import Invoice
from themis.api import APIKeyAuth, APIRequest

router = Router(tags=["Invoices"])


class InvoiceOut(Schema):
    id: int
    number: str
    total: Decimal
    due_on: date


@router.get("", auth=APIKeyAuth("invoices:read"), response=list[InvoiceOut])
def invoice_list(request: APIRequest) -> QuerySet[Invoice]:
    """Your invoices."""
    return Invoice.objects.for_user(request.user)


@router.get("/{int:id}", auth=APIKeyAuth("invoices:read"), response=InvoiceOut)
def invoice_get(request: APIRequest, id: int) -> Invoice:
    """An invoice of yours."""
    return get_object_or_404(Invoice.objects.for_user(request.user), pk=id)
