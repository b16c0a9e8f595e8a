"""The environment of processes that tests start with production settings."""

import os
import re

from django.conf import settings


def production(**variables: str) -> dict[str, str]:
    """Return an environment with what production requires, and with these variables.

    Your own required variables have the example values in `.env.example`.
    """
    files = (settings.BASE_DIR / "config").rglob("*.py")
    code = "".join(file.read_text("utf-8") for file in files)
    text = (settings.BASE_DIR / ".env.example").read_text("utf-8")
    examples = dict(re.findall(r"^#?(\w+)=(.+)$", text, re.MULTILINE))
    required = set(re.findall(r'\brequired\(\s*"(\w+)"', code))
    return {
        **{name: value for name, value in examples.items() if name in required},
        **os.environ,
        "DEBUG": "False",
        "SECRET_KEY": "only-for-these-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
        **variables,
    }
