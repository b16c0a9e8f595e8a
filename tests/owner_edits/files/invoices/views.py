from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from invoices.forms import InvoiceForm
from invoices.models import Invoice
from themis.http import UserRequest


@login_required
@require_safe
def invoice_list(request: UserRequest) -> HttpResponse:
    invoices = Invoice.objects.for_user(request.user)
    return render(request, "invoices/list.html", {"invoices": invoices})


@login_required
def invoice_create(request: UserRequest) -> HttpResponse:
    form = InvoiceForm(request.POST or None, instance=Invoice(customer=request.user))
    if form.is_valid():
        return redirect(form.save())
    return render(request, "invoices/form.html", {"form": form})


@login_required
@require_safe
def invoice_detail(request: UserRequest, pk: int) -> HttpResponse:
    invoice = get_object_or_404(Invoice.objects.for_user(request.user), pk=pk)
    return render(request, "invoices/detail.html", {"invoice": invoice})


@login_required
@require_POST
def invoice_pay(request: UserRequest, pk: int) -> HttpResponse:
    invoice = get_object_or_404(Invoice.objects.for_user(request.user), pk=pk)
    invoice.paid_on = timezone.localdate()
    invoice.save()
    messages.success(request, _("Thank you."))
    return redirect(invoice)
