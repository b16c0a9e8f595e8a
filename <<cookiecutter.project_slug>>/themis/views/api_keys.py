"""The API keys of a user: see, create, rotate, revoke. Only people who are logged in
get here: a key never manages keys."""

import ipaddress
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from themis import api_keys, conf
from themis.models import APIKey

View = Callable[..., HttpResponseBase]
# Asks for the password again when the session is old; allauth leaves it untyped.
recently_authenticated: Callable[[View], View] = reauthentication_required


class OnceForm(forms.Form):
    """A form that makes one key, however often the browser sends it."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class NetworksField(forms.CharField):
    """Networks, separated by commas or spaces. Its value is a list of strings."""

    def clean(self, value: Any) -> Any:
        networks = super().clean(value).replace(",", " ").split()
        if len(networks) > 20:
            raise ValidationError(_("Name at most 20 networks."))
        return [self._network(network) for network in networks]

    def _network(self, text: str) -> str:
        try:
            return str(ipaddress.ip_network(text, strict=False))
        except ValueError:
            raise ValidationError(
                _("%(text)s is not a network. Write it as 192.0.2.0/24."),
                params={"text": text},
            ) from None


class CreateForm(OnceForm):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What will use the key.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=lambda: conf.api_scopes().items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = forms.TypedChoiceField(
        label=_("It expires after"),
        coerce=int,
        choices=[
            (7, _("a week")),
            (30, _("30 days")),
            (api_keys.LIFETIME_DAYS, _("90 days")),
            (api_keys.LONGEST_DAYS, _("a year")),
        ],
        initial=api_keys.LIFETIME_DAYS,
    )
    networks = NetworksField(
        label=_("Only from these networks"),
        max_length=1000,
        required=False,
        help_text=_("Such as 192.0.2.0/24, separated by commas. Empty: anywhere."),
    )


class RotateForm(OnceForm):
    hours = forms.TypedChoiceField(
        label=_("The old key stays valid for"),
        coerce=int,
        choices=[
            (0, _("no longer")),
            (1, _("an hour")),
            (24, _("a day")),
            (24 * 7, _("a week")),
        ],
        initial=24,
    )


@never_cache
@login_required
@require_safe
def api_key_list(request: HttpRequest) -> HttpResponse:
    keys = _keys(request).order_by("-id")[:100]
    labels = conf.api_scopes()
    context = {
        "keys": [
            {"key": key, "scopes": [labels.get(scope, scope) for scope in key.scopes]}
            for key in keys
        ],
        "now": timezone.now(),
        "soon": timezone.now() + api_keys.EXPIRY_WARNING,
        "limit": api_keys.ACTIVE_KEYS,
    }
    return render(request, "themis/api_keys/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def api_key_create(request: HttpRequest) -> HttpResponse:
    form = CreateForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        return _reveal(
            request,
            form,
            lambda: api_keys.issue(
                request.user,
                data["name"],
                data["scopes"],
                days=data["days"],
                networks=data["networks"],
                by=request.user,
                form_id=data["form_id"],
            ),
        )
    return _form(request, form)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def api_key_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(_keys(request), pk=pk)
    if not key.is_active:
        messages.info(request, _("The key %(key)s is no longer active.") % {"key": key})
        return redirect("themis:api-key-list")
    form = RotateForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        return _reveal(
            request,
            form,
            lambda: api_keys.rotate(
                key,
                grace=timedelta(hours=data["hours"]),
                by=request.user,
                form_id=data["form_id"],
            ),
            key,
        )
    return _form(request, form, key)


@login_required
@require_POST
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(_keys(request), pk=pk)
    key.revoke(by=request.user)
    messages.success(request, _("The key %(key)s is revoked.") % {"key": key})
    return redirect("themis:api-key-list")


def _keys(request: HttpRequest) -> Any:
    user: Any = request.user
    return user.api_keys


def _form(
    request: HttpRequest, form: OnceForm, key: APIKey | None = None
) -> HttpResponse:
    context = {"form": form, "key": key}
    return render(request, "themis/api_keys/form.html", context)


def _reveal(
    request: HttpRequest, form: OnceForm, make: Any, old: APIKey | None = None
) -> HttpResponse:
    """The only page that ever shows the key: the answer to the form that made it."""
    try:
        key, text = make()
    except api_keys.FormUsedError as error:
        messages.info(request, str(error))
        return redirect("themis:api-key-list")
    except api_keys.IssueError as error:
        form.add_error(None, str(error))
        return _form(request, form, old)
    if old is not None:
        old.refresh_from_db()
    context = {"key": key, "text": text, "old": old}
    return render(request, "themis/api_keys/created.html", context)
