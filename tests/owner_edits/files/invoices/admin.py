from django.contrib import admin

from invoices.models import Invoice


@admin.register(Invoice)
class InvoiceAdmin(admin.ModelAdmin):
    list_display = ("number", "customer", "total", "due_on")
    list_select_related = ("customer",)
    autocomplete_fields = ("customer",)
