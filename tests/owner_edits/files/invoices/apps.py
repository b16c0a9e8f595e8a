from importlib import import_module

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "invoices"

    def ready(self) -> None:
        from themis.api import api

        import_module("invoices.signals")
        api.add_router("/invoices", "invoices.api.router")
