"""Themis in a project that has everything it asks for: see settings.py and urls.py."""

from django.core.management import call_command


def test_django_has_no_complaints():
    call_command("check", fail_level="WARNING")
