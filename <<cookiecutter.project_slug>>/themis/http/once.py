"""Accept each form once, however often the button is clicked."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect

from themis.http import UserRequest
from themis.models.sent_form import SentForm

__all__ = ["once"]

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Accept a form once. If it is sent again, repeat the first redirect.

        @login_required
        @require_POST
        @once
        def comment_create(request: UserRequest, pk: int) -> HttpResponse: ...

    The view runs in a transaction, as under `transaction.atomic`. Two forms are the
    same if they have the same content and come from the same rendered page: each has
    its own `{% csrf_token %}`. A form is accepted when the view redirects.
    """

    @wraps(view)
    def wrapper(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            if not request.POST.get("csrfmiddlewaretoken"):
                return view(request, *args, **kwargs)
            form, is_new = SentForm.objects.claim(request.user, _digest(request))
            if not is_new:
                return HttpResponseRedirect(form.location)
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                form.location = response.url
                form.save(update_fields=["location"])
            else:
                form.delete()
        return response

    return wrapper


def _digest(request: UserRequest) -> str:
    files = [
        (name, [(str(file), file.size) for file in files])
        for name, files in request.FILES.lists()
    ]
    content = [request.user.pk, request.path, request.POST.urlencode(), files]
    return hashlib.sha256(repr(content).encode()).hexdigest()
