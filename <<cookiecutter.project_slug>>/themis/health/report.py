"""The report of every check, for people and for monitors."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from themis import conf
from themis.health.runner import CheckRunner, problem_of

_everything = CheckRunner(conf.health_checks)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Show the report to signed-in staff. For everybody else it does not exist."""
    if not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    response = report()
    response["Cache-Control"] = "no-store"
    return response


def may_read_report(request: HttpRequest) -> bool:
    """Return whether the request has the monitoring token."""
    token = conf.health_token()
    given = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(given, f"Bearer {token}")


def report() -> HttpResponse:
    """Run every check, and respond as in draft-inadarei-api-health-check."""
    checks: dict[str, list[dict[str, str | float]]] = {}
    for name, check in _everything.results().items():
        outcome: dict[str, str | float] = {"status": "pass"}
        if problem := problem_of(check):
            outcome = {"status": "fail", "output": problem}
        else:
            outcome |= {
                "observedValue": round(check.result(), 1),
                "observedUnit": "ms",
            }
        checks[f"{name}:responseTime"] = [outcome]
    failed = any(outcome["status"] == "fail" for [outcome] in checks.values())
    return JsonResponse(
        {"status": "fail" if failed else "pass", "checks": checks},
        content_type="application/health+json",
        status=503 if failed else 200,
    )
