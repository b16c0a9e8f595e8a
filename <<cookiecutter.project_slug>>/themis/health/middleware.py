from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from themis.health.probes import live, ready
from themis.health.report import may_read_report, report

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


class HealthMiddleware:
    """Answer probes. Put it first in MIDDLEWARE.

    A probe uses the pod's address as the host, and plain HTTP. ALLOWED_HOSTS would
    refuse it, and a redirect to HTTPS would always count as healthy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = {"/livez": live, "/readyz": ready}.get(request.path_info)
        if request.path_info == "/healthz/" and may_read_report(request):
            answer = report
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response: HttpResponse = HttpResponseNotAllowed(["GET", "HEAD"])
        else:
            response = answer()
        for name, value in HEADERS.items():
            response[name] = value
        if request.method == "HEAD":
            response.content = b""
        return response
