"""Configure logging for the project and for gunicorn, which runs this file by its path.

In production, each line is a JSON object.
"""


def logging_settings(*, debug: bool) -> dict[str, object]:
    """Return a configuration for `logging.config.dictConfig()`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "{levelname} {name}: {message}", "style": "{"},
            "json": {"()": "themis.http.request_log.JSONFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "plain" if debug else "json",
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Errors are not emailed: an email would contain what the user typed.
            "django": {"handlers": [], "level": "INFO"},
            # Themis logs a line for each request, without the query string that
            # gunicorn would log. In development, runserver does.
            "themis.http.request_log": {"level": "WARNING" if debug else "INFO"},
            "django.request": {"level": "ERROR"},
            "gunicorn.access": {"handlers": [], "propagate": False},
            # django-environ: no .env, as in every container, is worth no line.
            "environ": {"level": "WARNING"},
            # Use the handler above in place of gunicorn's own.
            "gunicorn.error": {"handlers": [], "level": "INFO"},
        },
    }
