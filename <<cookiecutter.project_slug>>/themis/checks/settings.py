"""Checks of numbers, health checks, emails and the cache."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.module_loading import import_string

from themis import conf


@register("themis")
def check_settings(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """`themis.E001` to `themis.E004`: a setting is not a whole number of at least 0."""
    return [
        Error(
            f"{name} is {value!r}, not a whole number of at least 0.",
            hint=f"Set {name} to a number, such as {default}.",
            id=f"themis.E{number:03}",
        )
        for number, (name, default) in enumerate(conf.DEFAULTS.items(), start=1)
        if type(value := getattr(settings, name, default)) is not int or value < 0
    ]


@register("themis")
def check_health_checks(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """`themis.E005`: a health check cannot be imported."""
    errors: list[CheckMessage] = []
    for name, path in conf.health_checks().items():
        try:
            import_string(path)
        except ImportError as error:
            errors.append(
                Error(
                    f"The health check {name!r} cannot be imported: {error}",
                    hint="Set THEMIS_HEALTH_CHECKS to dotted paths of functions.",
                    id="themis.E005",
                )
            )
    return errors


@register("themis")
def check_emails(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """`themis.E009`, `themis.E010`: emails lack a link or an address."""
    errors: list[CheckMessage] = []
    site = urlsplit(conf.site_url())
    if any(site) and not (site.scheme in ("http", "https") and site.hostname):
        errors.append(
            Error(
                f"THEMIS_SITE_URL is {conf.site_url()!r}, not the address of a site.",
                hint="Set it to an address such as https://app.example.com.",
                id="themis.E009",
            )
        )
    if path := conf.email_address():
        try:
            import_string(path)
        except ImportError as error:
            errors.append(
                Error(
                    f"THEMIS_EMAIL_ADDRESS cannot be imported: {error}",
                    hint="Set it to the dotted path of a function that takes a user.",
                    id="themis.E010",
                )
            )
    return errors


@register(Tags.security, "themis", deploy=True)
def check_cache_is_shared(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """`themis.W001`: each process counts for itself, so rate limits do not hold."""
    backend = settings.CACHES["default"]["BACKEND"]
    if not backend.endswith((".LocMemCache", ".DummyCache")):
        return []
    return [
        checks.Warning(
            "The rate limits of log-ins and API keys need a cache that all processes "
            "share.",
            hint="Set CACHE_URL, for instance to redis://localhost:6379/1.",
            id="themis.W001",
        )
    ]
