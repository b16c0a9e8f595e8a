"""One form, one act, however often the button was clicked."""

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
    """Take a form once. Sent again, it is answered as the first time, by a redirect.

        @login_required
        @require_POST
        @once
        def comment_create(request: UserRequest, pk: int) -> HttpResponse: ...

    The view runs in a transaction, as below `transaction.atomic`. A form is the same
    when it comes from the same rendered page (`{% csrf_token %}` differs in each) with
    the same content, and has been accepted: the view answered with a redirect.
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
