"""What an authenticated API request costs, against a bare Django view.

    cd demo && DJANGO_SETTINGS_MODULE=config.settings PYTHONPATH=. \
        uv run python -W ignore ../benchmarks/api.py

Each case is served by Django's handler in this process, in turn with the others, many
times; the figure is the median. The database is the project's own, in a transaction that
is rolled back.
"""

import statistics
import time

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

ROUNDS = 300


def bare(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"username": "ada"})


django.setup()
urlpatterns = [path("bare/", bare), path("", include("config.urls"))]


def main() -> None:
    from themis import conf
    from themis.api_keys import issue
    from themis.notifications import notify_user

    user = get_user_model().objects.create_user("benchmark")
    _key, text = issue(user, "benchmark", conf.api_scopes())
    for number in range(30):
        notify_user(user, f"Number {number}")
    urls = override_settings(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["testserver"],
        SECURE_SSL_REDIRECT=False,
        THEMIS_API_REQUESTS_PER_MINUTE=10**9,
    )
    with urls:
        complete = WSGIHandler()
        with override_settings(MIDDLEWARE=[]):
            without_middleware = WSGIHandler()
        junk = f"{text[:-1]}{'0' if text[-1] != '0' else '1'}"
        cases = {
            "bare view, no middleware": (without_middleware, "/bare/", ""),
            "bare view": (complete, "/bare/", ""),
            "/livez": (complete, "/livez", ""),
            "/api/v1/me": (complete, "/api/v1/me", text),
            "/api/v1/notifications (25)": (complete, "/api/v1/notifications", text),
            "/api/v1/me, junk for a key": (complete, "/api/v1/me", junk),
        }
        report(cases)


def report(cases: dict[str, tuple[WSGIHandler, str, str]]) -> None:
    times: dict[str, list[float]] = {name: [] for name in cases}
    queries: dict[str, int] = {}
    for round_number in range(ROUNDS):
        for name, (handler, url, text) in cases.items():
            headers = {"authorization": f"Bearer {text}"} if text else {}
            request = RequestFactory().get(url, headers=headers)
            if round_number == 1:
                with CaptureQueriesContext(connection) as captured:
                    handler.get_response(request)
                queries[name] = len(captured)
                continue
            started = time.perf_counter()
            handler.get_response(request)
            times[name].append((time.perf_counter() - started) * 1000)
    floor = statistics.median(times["bare view"])
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:30} {median:6.2f} ms  {median / floor:4.1f} x  {queries[name]} queries")


if __name__ == "__main__":
    settings.DEBUG = False
    settings.THEMIS_API_FAILURES_PER_MINUTE = 0
    with transaction.atomic():
        main()
        transaction.set_rollback(True)
