"""List, create, rotate and revoke API keys. Only sessions have access: a key never
manages keys."""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
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
from themis.api_keys.routes import path_of_api
from themis.forms.api_keys import CreateForm, OnceForm, RotateForm
from themis.http import UserRequest
from themis.models import APIKey
from themis.models.api_key import APIKeyQuerySet

View = Callable[..., HttpResponseBase]
# Ask for the password again if the session is old. allauth has no type for it.
recently_authenticated: Callable[[View], View] = reauthentication_required


@never_cache
@login_required
@require_safe
def api_key_list(request: UserRequest) -> HttpResponse:
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
def api_key_create(request: UserRequest) -> HttpResponse:
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
def api_key_rotate(request: UserRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(_keys(request), pk=pk)
    if not key.is_active and request.method != "POST":
        messages.info(request, _("The key %(key)s is no longer active.") % {"key": key})
        return redirect("themis-api-keys:list")
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
def api_key_revoke(request: UserRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(_keys(request), pk=pk)
    key.revoke(by=request.user)
    messages.success(request, _("The key %(key)s was revoked.") % {"key": key})
    return redirect("themis-api-keys:list")


def _keys(request: UserRequest) -> APIKeyQuerySet:
    return APIKey.objects.filter(user=request.user)


def _form(
    request: HttpRequest, form: OnceForm, key: APIKey | None = None
) -> HttpResponse:
    context = {"form": form, "key": key}
    return render(request, "themis/api_keys/form.html", context)


def _reveal(
    request: HttpRequest,
    form: OnceForm,
    make: Callable[[], tuple[APIKey, str]],
    old: APIKey | None = None,
) -> HttpResponse:
    """Show the key, only in the response to the form that created it."""
    try:
        key, text = make()
    except api_keys.FormUsedError as error:
        messages.info(request, str(error))
        return redirect("themis-api-keys:list")
    except api_keys.IssueError as error:
        form.add_error(None, str(error))
        return _form(request, form, old)
    if old is not None:
        old.refresh_from_db()
    context = {"key": key, "text": text, "old": old}
    if api := path_of_api():
        url = request.build_absolute_uri(f"{api}me")
        context["curl"] = f'curl --header "Authorization: Bearer {text}" {url}'
    return render(request, "themis/api_keys/created.html", context)
