"""A user's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from themis import formatting
from themis.forms.settings import SettingsForm
from themis.http import UserRequest
from themis.models import UserProfile


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: UserRequest) -> HttpResponse:
    if request.method != "POST":
        form = SettingsForm(instance=request.user.profile)
        return _page(request, form)
    # Not user.profile: a form writes what it accepts into its instance, and the
    # page that shows the errors would already go by it.
    profile, _created = UserProfile.objects.get_or_create(user_id=request.user.pk)
    form = SettingsForm(request.POST, instance=profile)
    if not form.is_valid():
        return _page(request, form)
    with formatting.override(form.save()):
        messages.success(request, _("Your settings are saved."))
    return redirect("themis:settings")


def _page(request: HttpRequest, form: SettingsForm) -> HttpResponse:
    return render(request, "themis/settings.html", {"form": form})
