from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect browsers from /favicon.ico on pages without an icon, like the admin."""
    return redirect(static("themis/favicon.svg"))
