"""Emails about unread notifications. `manage.py send_digests` sends them.

Emails are off until a user chooses them: hourly, daily at an hour of their choice, or
dangers at once. Another way out of the app, such as web push, would be one more
`Channel`, with a package like this one.
"""

from themis.digests.sending import Outcome, send_due

__all__ = ["Outcome", "send_due"]
