"""The manifests set the variables that the settings read."""

import difflib

from tests.deploy import variables
from tests.deploy.manifests import Manifests
from tests.problems import report

# Variables that only libraries read. A name that ends with "*" is a prefix.
READ_BY_LIBRARIES = [
    *("PG*", "REMAP_SIGTERM", "C_FORCE_ROOT", "GUNICORN_CMD_ARGS"),  # libpq, Celery
    *("PYTHON*", "DJANGO_SETTINGS_MODULE", "TZ", "LANG", "LC_*", "HOME", "PATH"),
    *("MALLOC_*", "LD_*", "TMPDIR", "SSL_CERT_*", "REQUESTS_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    *("AWS_*", "AZURE_*", "GOOGLE_*", "OTEL_*", "SENTRY_*", "DD_*", "NEW_RELIC_*"),
    *("ELASTIC_APM_*", "PROMETHEUS_*"),
]


def test_every_required_variable_is_set(manifests: Manifests) -> None:
    report(
        f"{file} requires {name}, which the pods lack: add {name}=… to "
        "deploy/k8s/base/settings.env or, for a secret, "
        f"{name}_FILE=/run/secrets/credentials/{name}."
        for one in manifests.django
        if (environment := manifests.environment(one)).is_complete
        for name, file in variables.required().items()
        if name not in environment
    )


def test_every_variable_is_read(manifests: Manifests) -> None:
    """A misspelled name would go unnoticed, because the settings have defaults."""
    read = variables.mentioned()
    report(
        f"Nothing reads {name}, which the pods get{did_you_mean(name, read)}: correct "
        "it or remove it, or, if a library reads it, add it to READ_BY_LIBRARIES in "
        "tests/deploy/test_variables.py."
        for one in manifests.app
        for name in manifests.environment(one).values
        if not {name, name.removesuffix("_FILE")} & read and not is_read_elsewhere(name)
    )


def is_read_elsewhere(name: str) -> bool:
    return any(
        name == known or (known.endswith("*") and name.startswith(known[:-1]))
        for known in READ_BY_LIBRARIES
    )


def did_you_mean(name: str, known: set[str]) -> str:
    [*similar] = difflib.get_close_matches(name.removesuffix("_FILE"), known, 1, 0.8)
    return f" (did you mean {similar[0]}?)" if similar else ""


def test_no_variable_is_set_twice(manifests: Manifests) -> None:
    report(
        f"The pods get both {name} and {name}_FILE: remove one."
        for one in manifests.app
        for values in [manifests.environment(one).values]
        for name in values
        if f"{name}_FILE" in values
    )


def test_debug_is_off(manifests: Manifests) -> None:
    """Except on your own machine."""
    report(
        f"{manifests.overlay} sets DEBUG, and would show the settings to anybody: "
        "remove it, or serve only localhost."
        for one in manifests.app
        for environment in [manifests.environment(one)]
        if (environment.get("DEBUG") or "").lower()
        in ("true", "1", "yes", "on", "ok", "y")
        and (
            environment.get("ALLOWED_HOSTS") != "localhost"
            or manifests.of_kind("Ingress", "HTTPRoute")
        )
    )
