"""Send email after the response, so that a slow mail server never delays one.

A thread takes each message. It also renders those about accounts, which takes time.
With a broker, it queues a task, which a worker retries for an hour. Without one, or
while it is down, the thread itself retries for a minute.
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

WAITING = 1000  # messages that can wait in this process
THREADS = 2
PAUSES = (2, 10, 60)  # seconds between a thread's attempts
LAST_SECONDS = 10  # to send the remaining messages when the process exits


class EmailBackend(smtp.EmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages. In a worker, send them: its task can wait.

        A message with `is_awaited` is sent immediately, and errors reach the caller.
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
        """Send the message now. Raise MailError if the server doesn't accept it."""
        try:
            super().send_messages([message])
        except OSError as error:
            raise MailError(type(error).__name__) from None


def is_sent_later() -> bool:
    """Return whether email is sent after the response. Tests and the console don't."""
    # % if cookiecutter.django_version == "5.2"
    connection = mail.get_connection()
    # % else
    connection = mail.mailers.default
    # % endif
    return isinstance(connection, EmailBackend)


class Outbox:
    """The messages that wait in this process, and the threads that send them."""

    def __init__(self) -> None:
        self._queue: Queue[Callable[[], object]] = Queue(WAITING)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def put(self, work: Callable[[], object]) -> None:
        if threading.current_thread() in self._threads:
            work()  # this thread has rendered the message that it sends
            return
        with self._lock:
            # Start threads with the first message: gunicorn has forked by then.
            self._threads = [each for each in self._threads if each.is_alive()]
            while len(self._threads) < THREADS:
                thread = threading.Thread(target=self._work, name="mail", daemon=True)
                thread.start()
                self._threads.append(thread)
        try:
            self._queue.put_nowait(work)
        except Full:
            logger.error("An email was lost: %s others are waiting.", WAITING)

    def wait(self, seconds: float) -> None:
        """Wait until all messages are sent, at most this long."""
        deadline = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.05)
        if lost := self._queue.unfinished_tasks:
            logger.error("This process is exiting, and %s emails are lost.", lost)

    def _work(self) -> None:
        while True:
            work = self._queue.get()
            try:
                work()
            finally:
                connections.close_all()  # a template may have queried the database
                self._queue.task_done()


outbox = Outbox()
atexit.register(outbox.wait, LAST_SECONDS)


def deliver(backend: EmailBackend, message: EmailMessage) -> None:
    """Queue the message for a worker. If that fails, send it from here."""
    if not queue(message):
        send_or_try_again(backend, message)


def send_or_try_again(backend: EmailBackend, message: EmailMessage) -> None:
    """Send the message. Retry after each pause."""
    for pause in (*PAUSES, None):
        try:
            backend.deliver(message)
        except MailError as error:
            if pause is None:
                logger.error("An email was lost: %s", error)
            else:
                logger.warning("Retrying an email in %s s: %s", pause, error)
                time.sleep(pause)
        else:
            return
