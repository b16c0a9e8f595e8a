from django import forms

from invoices.models import Invoice
from themis.forms import DateField, MoneyField


class InvoiceForm(forms.ModelForm):
    class Meta:
        model = Invoice
        fields = ("number", "total", "due_on")
        field_classes = {"due_on": DateField, "total": MoneyField}
