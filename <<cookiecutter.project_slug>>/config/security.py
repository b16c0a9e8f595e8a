"""Security settings of production. Variables set what depends on your site."""

from config.env import env


def security_settings(*, debug: bool) -> dict[str, object]:
    """Return Django's settings for cookies, sessions and TLS."""
    settings: dict[str, object] = {
        "SESSION_COOKIE_AGE": env.int("SESSION_HOURS", default=14 * 24) * 60 * 60,
        "THEMIS_SESSION_IDLE_HOURS": env.float("SESSION_IDLE_HOURS", default=7 * 24),
        "THEMIS_STAFF_NEED_SECOND_FACTOR": env.bool(
            "STAFF_NEED_SECOND_FACTOR", default=not debug
        ),
    }
    if debug:
        return settings
    return settings | {
        # The proxy in front terminates TLS. It must set this header on every request.
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": env.bool(
            "HSTS_INCLUDE_SUBDOMAINS", default=False
        ),
        "SECURE_HSTS_PRELOAD": env.bool("HSTS_PRELOAD", default=False),
        # `check --deploy` warns about the two above, which affect other hosts too.
        "SILENCED_SYSTEM_CHECKS": ["security.W005", "security.W021"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
    }


def csp_reporting() -> dict[str, list[str]]:
    """Return the CSP directive that makes browsers report what the policy blocked."""
    address = env.str("CSP_REPORT_URI", default="")
    return {"report-uri": [address]} if address else {}
