"""Emails about unread notifications. `manage.py send_digests` sends them.

A user gets none until they choose to: every hour, every day at an hour of their own, at
once what is a danger. Another way out of the app, such as web push, would be one more
`Channel`, with a package like this one.
"""

from themis.digests.sending import Outcome, send_due

__all__ = ["Outcome", "send_due"]
