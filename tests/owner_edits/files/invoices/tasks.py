from celery import shared_task

from invoices import triggers


@shared_task
def remind_of_unpaid() -> int:
    """Remind customers. Safe to run twice."""
    return triggers.remind_of_unpaid()
