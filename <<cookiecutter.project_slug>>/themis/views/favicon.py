from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For pages that name none, such as the admin's: there, browsers ask for this."""
    return redirect(static("themis/favicon.svg"))
