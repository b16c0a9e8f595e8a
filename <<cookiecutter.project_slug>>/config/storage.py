"""Translate the variable STORAGE_URL into Django's setting STORAGES."""

from importlib.util import find_spec
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEMES = {"s3": "https", "s3+http": "http"}


def storage_settings(url: str, *, debug: bool) -> dict[str, dict[str, object]]:
    """Return the storages of uploads and of static files."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        uploads: dict[str, object] = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(parts.path)},
        }
    elif parts.scheme in SCHEMES:
        uploads = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": s3(parts)}
    else:
        raise ImproperlyConfigured(
            f"STORAGE_URL starts with {parts.scheme}: instead of file: or s3:."
        )
    static = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
        if debug
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    )
    return {"default": uploads, "staticfiles": {"BACKEND": static}}


def s3(url: SplitResult) -> dict[str, object]:
    """Return the options of django-storages for a bucket.

    Parameters of the URL become options too. Without a user, the environment of the pod
    provides the credentials.
    """
    if not find_spec("storages"):
        raise ImproperlyConfigured(
            "STORAGE_URL names a bucket, which needs the extra s3: run "
            "`uv sync --extra s3`, and write `ARG EXTRA=s3` into the Dockerfile."
        )
    host = (url.hostname or "") + (f":{url.port}" if url.port else "")
    options: dict[str, object] = {
        "endpoint_url": f"{SCHEMES[url.scheme]}://{host}",
        "bucket_name": url.path.strip("/"),
        "addressing_style": "path",
        "file_overwrite": False,
    }
    if url.username:
        options["access_key"] = unquote(url.username)
        options["secret_key"] = unquote(url.password or "")
    return {**options, **dict(parse_qsl(url.query))}
