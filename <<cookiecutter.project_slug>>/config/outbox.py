"""Send mail after the answer: a mail server that is slow or down changes none.

A thread takes each message, and makes those of the accounts, which takes time too.
With a broker, it queues a task, which a worker tries again for an hour. Without one, or
while it is down, the thread tries again for a minute.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from queue import Full, Queue

from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.db import connections

from config.mail import MailError
from config.mail_tasks import in_worker, queue

logger = logging.getLogger(__name__)

WAITING = 1000  # messages for which this process has room
THREADS = 2
PAUSES = (2, 10, 60)  # seconds between the attempts of a thread
LAST_SECONDS = 10  # that a process has for its messages when it ends


class EmailBackend(smtp.EmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Promise to send the messages. In a worker, send them: its task can wait.

        A message that says `is_awaited` is sent now, and its sender gets the error.
        """
        for message in email_messages:
            if getattr(message, "is_awaited", False):
                super().send_messages([message])
            elif in_worker():
                self.deliver(message)
            else:
                outbox.put(partial(deliver, self, message))
        return len(email_messages)

    def deliver(self, message: EmailMessage) -> None:
        """Send the message now. Raise MailError if the server does not take it."""
        try:
            super().send_messages([message])
        except OSError as error:
            raise MailError(type(error).__name__) from None


def is_sent_later() -> bool:
    """Return whether mail leaves after the answer. Tests and the console don't wait."""
    # % if cookiecutter.django_version == "5.2"
    connection = mail.get_connection()
    # % else
    connection = mail.mailers.default
    # % endif
    return isinstance(connection, EmailBackend)


class Outbox:
    """The work that waits in this process, a message each, and who does it."""

    def __init__(self) -> None:
        self._queue: Queue[Callable[[], object]] = Queue(WAITING)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def put(self, work: Callable[[], object]) -> None:
        if threading.current_thread() in self._threads:
            work()  # it has made the message that it sends
            return
        with self._lock:
            # Not before the first message: a worker of gunicorn is forked.
            self._threads = [each for each in self._threads if each.is_alive()]
            while len(self._threads) < THREADS:
                thread = threading.Thread(target=self._work, name="mail", daemon=True)
                thread.start()
                self._threads.append(thread)
        try:
            self._queue.put_nowait(work)
        except Full:
            logger.error("A mail is lost: %s others wait.", WAITING)

    def wait(self, seconds: float) -> None:
        """Wait until all messages are sent, but not longer."""
        deadline = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.05)
        if lost := self._queue.unfinished_tasks:
            logger.error("This process ends, and %s mails are lost.", lost)

    def _work(self) -> None:
        while True:
            work = self._queue.get()
            try:
                work()
            finally:
                connections.close_all()  # if a template has asked the database
                self._queue.task_done()


outbox = Outbox()
atexit.register(outbox.wait, LAST_SECONDS)


def deliver(backend: EmailBackend, message: EmailMessage) -> None:
    """Let a worker send the message, or send it."""
    if not queue(message):
        send_or_try_again(backend, message)


def send_or_try_again(backend: EmailBackend, message: EmailMessage) -> None:
    """Send the message, if need be after some pauses."""
    for pause in (*PAUSES, None):
        try:
            backend.deliver(message)
        except MailError as error:
            if pause is None:
                logger.error("A mail is lost: %s", error)
            else:
                logger.warning("A mail is tried again in %s s: %s", pause, error)
                time.sleep(pause)
        else:
            return
