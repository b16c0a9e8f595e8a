"""The people, projects and tasks of the sample data."""

from datetime import time
from typing import NamedTuple


class Person(NamedTuple):
    username: str
    first_name: str
    last_name: str
    preferences: dict[str, str | int | bool]


class Team(NamedTuple):
    name: str
    description: str
    owner: str
    others: list[str]
    invited: list[str]


class Plan(NamedTuple):
    team: int
    creator: str
    title: str
    assignee: str | None
    due_in_days: int | None
    due_time: time | None = None


# Also the password. It is public, so the command refuses to run in production.
DEMO = "demo"

PEOPLE = [
    Person(DEMO, "Dana", "Novák", {}),
    Person(
        "amelie",
        "Amélie",
        "Dubois",
        {
            "timezone": "Europe/Paris",
            "language": "fr",
            "date_format": "d/m/Y",
            "number_format": "1\u202f234\u202f567,89",
        },
    ),
    Person(
        "joerg",
        "Jörg",
        "Weiß",
        {
            "timezone": "Europe/Berlin",
            "language": "de",
            "date_format": "d.m.Y",
            "number_format": "1.234.567,89",
        },
    ),
    Person(
        "priya",
        "Priya",
        "Raman",
        {
            "timezone": "Asia/Kolkata",
            "date_format": "j M Y",
            "number_format": "12,34,567.89",
            "notification_min_level": "warning",
        },
    ),
    Person(
        "sofia",
        "Sofía",
        "Martínez",
        {
            "timezone": "America/Los_Angeles",
            "date_format": "m/d/Y",
            "time_format": "g:i A",
            "first_day_of_week": 7,
            "theme": "dark",
        },
    ),
    Person(
        "tadeo",
        "Tadeo",
        "Núñez",
        {"timezone": "America/Lima", "notifications_enabled": False},
    ),
]

TEAMS = [
    Team(
        "Website relaunch",
        "The new public site, online before the spring fair.",
        DEMO,
        ["amelie", "joerg", "sofia", "tadeo"],
        ["priya"],
    ),
    Team(
        "Move to Kubernetes",
        "Every service in the cluster, and nobody woken at night.",
        "joerg",
        [DEMO, "priya", "sofia"],
        ["amelie"],
    ),
    Team(
        "Customer onboarding",
        "From the signature to the first useful day in under a week.",
        "amelie",
        [DEMO, "priya"],
        [],
    ),
    Team(
        "Summer party",
        "Music, food, and rain that comes on another day.",
        "sofia",
        ["tadeo"],
        [DEMO],
    ),
]

PLANS = [
    Plan(0, "amelie", "Choose the photos for the start page", DEMO, -3),
    Plan(0, DEMO, "Write the page about prices", "amelie", 0),
    Plan(0, DEMO, "Redirect the old addresses", "joerg", 6),
    Plan(0, "joerg", "Check the contrast of the new colors", "sofia", -1),
    Plan(0, "sofia", "Ask the lawyers about the imprint", DEMO, 1, time(17)),
    Plan(0, DEMO, "Translate the menu into French", "amelie", 12),
    Plan(0, "amelie", "Decide on the new logo", "sofia", -8),
    Plan(0, DEMO, "Collect what customers say about us", None, None),
    Plan(1, "joerg", "Deploy v2", "priya", -1),
    Plan(1, "joerg", "Write the runbook for a full disk", DEMO, 3),
    Plan(1, "priya", "Rehearse restoring the backup", "joerg", 1),
    Plan(1, DEMO, "Rotate the database password", "priya", 20),
    Plan(1, "sofia", "Set limits for the background workers", "sofia", None),
    Plan(2, "amelie", "Shorten the form for new customers", DEMO, 9),
    Plan(2, "amelie", "Record the welcome video", "priya", 2, time(9, 30)),
    Plan(2, DEMO, "Ask ten customers how their first week was", "amelie", -2),
]
