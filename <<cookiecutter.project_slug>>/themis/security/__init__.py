"""Security events, session lifetimes, and second factors of staff.

    security_event("invoice_released", request.user, invoice=invoice.pk)

Import the middleware from its own module.
"""

from themis.security.log import security_event

__all__ = ["security_event"]
