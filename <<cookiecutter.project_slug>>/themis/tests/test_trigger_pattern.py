"""The notification trigger pattern, example by example, as its document has them."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.test import Client
from django.urls import path
from django.utils import timezone

from themis import conf
from themis.models import Level, UserNotification
from themis.notifications import notify_user
from themis.tests.testapp.models import Event, Report, Request, Task, Team
from themis.tests.urls import urlpatterns as urls_of_themis

User = get_user_model()


@pytest.fixture
def task(db: None) -> Task:
    return Task.objects.create(title="Deploy v2")


# The Standard Interface


def test_standard_interface(user: Any) -> None:
    notification = notify_user(
        user=user,  # Django User instance
        title="Task overdue",  # Short headline (max 200 chars)
        message="Task 'Deploy v2' was due yesterday.",  # Optional body
        level="warning",  # info | success | warning | danger
        url="/tasks/42/",  # Optional: where to navigate on click
        source_app="tasks",  # Your app label (for tracking/cleanup)
        source_model="Task",  # Model that triggered this
        source_id="42",  # PK of the source object (as string)
        deduplicate=True,  # Skip if unread duplicate exists
        expires_at=None,  # Optional: auto-expire datetime
    )

    assert notification is not None
    stored = UserNotification.objects.values().get(pk=notification.pk)
    assert stored["user_id"] == user.pk
    assert stored["title"] == "Task overdue"
    assert stored["message"] == "Task 'Deploy v2' was due yesterday."
    assert stored["level"] == "warning"
    assert stored["url"] == "/tasks/42/"
    assert stored["source_app"] == "tasks"
    assert stored["source_model"] == "Task"
    assert stored["source_id"] == "42"
    assert stored["expires_at"] is None


def test_returns_none_when_skipped(user: Any) -> None:
    source = {"source_app": "tasks", "source_model": "Task", "source_id": "42"}
    notify_user(user, "Task overdue", **source)

    assert notify_user(user, "Task overdue", deduplicate=True, **source) is None


# 1. Signal-Based Triggers


@pytest.fixture
def notify_task_assigned() -> Any:
    @receiver(post_save, sender=Task)
    def notify_task_assigned(
        sender: Any, instance: Task, created: bool, **kwargs: Any
    ) -> None:
        """Notify user when a task is assigned to them."""
        if (
            not created
            and instance.assignee
            and instance.tracker.has_changed("assignee")
        ):
            notify_user(
                user=instance.assignee,
                title=f"Task assigned: {instance.title}",
                message=f"You've been assigned to '{instance.title}'",
                level="info",
                url=instance.get_absolute_url(),
                source_app="tasks",
                source_model="Task",
                source_id=str(instance.pk),
                deduplicate=True,
            )

    yield notify_task_assigned
    post_save.disconnect(notify_task_assigned, sender=Task)


def test_signal(notify_task_assigned: Any, task: Task, user: Any) -> None:
    task.assignee = user
    task.save()
    task.save()

    notification = UserNotification.objects.get(source_app="tasks")
    assert notification.user == user
    assert notification.title == "Task assigned: Deploy v2"
    assert notification.message == "You've been assigned to 'Deploy v2'"


# 2. View-Based Triggers


@login_required
def approve_request(request: HttpRequest, pk: int) -> HttpResponse:
    req = get_object_or_404(Request, pk=pk)
    req.status = "approved"
    req.save()

    # Notify the requester
    notify_user(
        user=req.requester,
        title="Request approved",
        message=f"Your request '{req.title}' has been approved.",
        level="success",
        url=req.get_absolute_url(),
        source_app="requests",
        source_model="Request",
        source_id=str(req.pk),
    )

    messages.success(request, "Request approved.")
    return redirect("request-list")


urlpatterns = [
    path("requests/", lambda request: HttpResponse(), name="request-list"),
    path("requests/<int:pk>/", approve_request, name="approve"),
    *urls_of_themis,
]


@pytest.mark.urls(__name__)
def test_view(client: Client, user: Any, other_user: Any) -> None:
    req = Request.objects.create(title="Deploy v2", requester=other_user)
    client.force_login(user)

    response = client.post(req.get_absolute_url())

    assert response["Location"] == "/requests/"
    notification = other_user.notifications.get()
    assert notification.message == "Your request 'Deploy v2' has been approved."
    assert notification.level == "success"
    assert notification.url == f"/requests/{req.pk}/"


# 3. Management Command Triggers


class CheckOverdue(BaseCommand):
    help = "Send notifications for overdue tasks"

    def handle(self, *args: Any, **options: Any) -> None:
        overdue = Task.objects.filter(
            due_date__lt=timezone.now().date(),
            status__in=["open", "in_progress"],
        )
        count = 0
        for task in overdue:
            result = notify_user(
                user=task.assignee,
                title=f"Overdue: {task.title}",
                message=f"Task was due {task.due_date}",
                level="danger",
                url=task.get_absolute_url(),
                source_app="tasks",
                source_model="Task",
                source_id=str(task.pk),
                deduplicate=True,  # Don't send again if unread
            )
            if result:
                count += 1

        self.stdout.write(f"Sent {count} overdue notification(s)")


def test_command(task: Task, user: Any) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    Task.objects.update(assignee=user, due_date=yesterday)

    for expected in (1, 0):
        stdout = StringIO()
        call_command(CheckOverdue(), stdout=stdout)
        assert stdout.getvalue() == f"Sent {expected} overdue notification(s)\n"
    notification = user.notifications.get()
    assert notification.title == "Overdue: Deploy v2"
    assert notification.level == "danger"


# 4. Celery Task Triggers


def test_celery_task(user: Any) -> None:
    shared_task = pytest.importorskip("celery").shared_task

    @shared_task
    def notify_report_ready(user_id: int, report_id: int) -> None:
        """Notify user when their report has been generated."""
        user = User.objects.get(pk=user_id)
        report = Report.objects.get(pk=report_id)

        notify_user(
            user=user,
            title="Report ready",
            message=f"Your {report.report_type} report is ready to download.",
            level="success",
            url=report.get_absolute_url(),
            source_app="reports",
            source_model="Report",
            source_id=str(report.pk),
        )

    report = Report.objects.create(report_type="monthly")
    notify_report_ready.apply((user.pk, report.pk)).get()

    notification = user.notifications.get()
    assert notification.message == "Your monthly report is ready to download."
    assert notification.url == report.get_absolute_url()


# Notification Levels


@pytest.mark.parametrize(
    ("level", "weight"), [("info", 0), ("success", 0), ("warning", 1), ("danger", 2)]
)
def test_level_weights(level: str, weight: int) -> None:
    assert Level(level).weight == weight


@pytest.mark.parametrize(
    ("minimum", "received"),
    [
        ("info", ["info", "success", "warning", "danger"]),
        ("warning", ["warning", "danger"]),
        ("danger", ["danger"]),
    ],
)
def test_minimum_level(user: Any, minimum: str, received: list[str]) -> None:
    user.profile.notification_min_level = minimum
    user.profile.save()

    for level in Level.values:
        notify_user(user, "Something happened", level=level)

    stored = user.notifications.order_by("id").values_list("level", flat=True)
    assert list(stored) == received


# Source Tracking: bulk cleanup


@pytest.fixture
def cleanup_task_notifications() -> Any:
    @receiver(post_delete, sender=Task)
    def cleanup_task_notifications(sender: Any, instance: Task, **kwargs: Any) -> None:
        UserNotification.objects.filter(
            source_app="tasks",
            source_model="Task",
            source_id=str(instance.pk),
        ).delete()

    yield cleanup_task_notifications
    post_delete.disconnect(cleanup_task_notifications, sender=Task)


def test_cleanup_after_delete(
    cleanup_task_notifications: Any, task: Task, user: Any
) -> None:
    source = {"source_app": "tasks", "source_model": "Task"}
    notify_user(user, "Task overdue", source_id=str(task.pk), **source)
    kept = notify_user(user, "Another", source_id=str(task.pk + 1), **source)

    task.delete()

    assert list(user.notifications.all()) == [kept]


# Expiring Notifications


def test_expiring(user: Any) -> None:
    start_time = timezone.now() + timedelta(hours=1)
    event = Event.objects.create(title="Launch", start_time=start_time)

    # Event reminder that expires when the event starts
    notification = notify_user(
        user=user,
        title=f"Starting soon: {event.title}",
        level="info",
        url=event.get_absolute_url(),
        expires_at=event.start_time,
        source_app="events",
        source_model="Event",
        source_id=str(event.pk),
        deduplicate=True,
    )

    assert user.notifications.unread().get() == notification
    user.notifications.update(expires_at=timezone.now())
    assert not user.notifications.visible().exists()
    call_command("cleanup_notifications", stdout=StringIO())
    assert not user.notifications.exists()


# Multi-User Notifications


def notify_team(team: Any, title: str, message: str, **kwargs: Any) -> None:
    """Send a notification to all members of a team."""
    for member in team.members.all():
        notify_user(user=member, title=title, message=message, **kwargs)


def test_team(user: Any, other_user: Any) -> None:
    team = Team.objects.create()
    team.members.add(user, other_user)

    notify_team(team, "We are live", "Thank you all.", level="success")

    sent = UserNotification.objects.order_by("user")
    assert [(row.user, row.title, row.level) for row in sent] == [
        (user, "We are live", "success"),
        (other_user, "We are live", "success"),
    ]


# Notification Cleanup


@pytest.mark.parametrize(
    ("arguments", "kept_until"), [([], 90), (["--max-age-days=60"], 60)]
)
def test_cleanup_command(user: Any, arguments: list[str], kept_until: int) -> None:
    for age in (59, 61, 89, 91):
        for state in ("read", "dismissed", "unread"):
            notification = notify_user(user, f"{state} {age}")
            assert notification is not None
            if state == "read":
                notification.mark_read()
            if state == "dismissed":
                notification.dismiss()
            created_at = timezone.now() - timedelta(days=age)
            user.notifications.filter(pk=notification.pk).update(created_at=created_at)

    call_command("cleanup_notifications", *arguments, stdout=StringIO())

    assert set(user.notifications.values_list("title", flat=True)) == {
        f"{state} {age}"
        for age in (59, 61, 89, 91)
        for state in ("read", "dismissed", "unread")
        if state == "unread" or age < kept_until
    }


# Settings


def test_settings(settings: Any) -> None:
    del settings.THEMIS_NOTIFICATION_POLL_INTERVAL
    del settings.THEMIS_NOTIFICATION_MAX_AGE_DAYS

    assert conf.poll_interval() == 60
    assert conf.max_age_days() == 90


def test_settings_are_read(settings: Any) -> None:
    settings.THEMIS_NOTIFICATION_POLL_INTERVAL = 0
    settings.THEMIS_NOTIFICATION_MAX_AGE_DAYS = 30

    assert conf.poll_interval() == 0
    assert conf.max_age_days() == 30


# Testing Notifications


@pytest.mark.django_db
def test_task_overdue_notification() -> None:
    """Overdue task creates a danger notification."""
    user = User.objects.create_user(username="test", password="pass")
    task = Task.objects.create(
        title="Deploy v2",
        assignee=user,
        due_date=timezone.now().date() - timedelta(days=1),
    )

    # Trigger your notification logic
    call_command(CheckOverdue(), stdout=StringIO())

    # Verify notification was created
    notif = UserNotification.objects.get(
        user=user,
        source_app="tasks",
        source_model="Task",
        source_id=str(task.pk),
    )
    assert notif.level == "danger"
    assert "Deploy v2" in notif.title


@pytest.mark.django_db
def test_disabled_user_gets_no_notification() -> None:
    """Users with notifications disabled get nothing."""
    user = User.objects.create_user(username="quiet", password="pass")
    user.profile.notifications_enabled = False
    user.profile.save()

    result = notify_user(user, "Should be skipped")

    assert result is None
    assert UserNotification.objects.count() == 0
