"""What every page knows of Themis."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def themis(request: HttpRequest) -> dict[str, Any]:
    return {"project_name": settings.PROJECT_NAME}
