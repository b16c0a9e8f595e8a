"""The settings page."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from themis import formatting
from themis.forms.settings_page import SettingsPage
from themis.http import UserRequest
from themis.models import Level, UserNotification
from themis.notifications import notify_user

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: UserRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, SettingsPage(request.user))
    with transaction.atomic():
        user = _locked(request.user)
        page = SettingsPage(user, request.POST, request.FILES)
        is_saved = page.is_valid()
        if is_saved:
            page.save()
    if not is_saved:
        return _show(request, page)
    with formatting.override(user.profile):
        messages.success(request, _("Settings saved."))
    return redirect("themis:settings")


@login_required
@require_POST
def notification_test(request: UserRequest) -> HttpResponse:
    """Send a test notification, if the user wants any. It replaces the previous one."""
    user = request.user
    with transaction.atomic():
        mailbox = UserNotification.objects.filter(user=user)
        mailbox.from_source("themis", "Test", "").delete()
        notify_user(
            user,
            _("Test notification"),
            _("This is how notifications reach you."),
            url=reverse("themis:settings"),
            source_app="themis",
            source_model="Test",
            deduplicate=True,
        )
    if user.profile.wants(Level.INFO):
        messages.success(request, _("Sent. It is in your bell."))
    elif user.profile.notifications_enabled:
        text = _("Not sent: your saved settings hide informational notifications.")
        messages.warning(request, text)
    else:
        text = _("Not sent: notifications are off in your saved settings.")
        messages.warning(request, text)
    return redirect("themis:settings")


def _locked(user: "User") -> "User":
    """Fetch the user again, and lock the row.

    A form writes its input into its instance, so with `request.user`, the page that
    shows the errors would already use the new values. The lock is for forms on the user
    model: they save every column, and would overwrite what another process writes.
    """
    users = get_user_model()._base_manager.select_for_update(no_key=True)
    return users.get(pk=user.pk)


def _show(request: HttpRequest, page: SettingsPage) -> HttpResponse:
    context = {
        "form": page.form,
        "problems": page.problems,
        "sections": page.sections,
        "is_multipart": page.is_multipart,
    }
    return render(request, "themis/settings.html", context)
