"""Who did what from where, how long a session lasts, and what staff sign in by.

    security_event("invoice_released", request.user, invoice=invoice.pk)

The middleware stands in a module of its own.
"""

from themis.security.log import security_event

__all__ = ["security_event"]
