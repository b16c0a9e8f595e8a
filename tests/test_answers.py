"""Answers that work, and answers that are rejected before a file is written."""

import ast
import functools
import json
import re
import shlex
import shutil
import tempfile
import tomllib
from pathlib import Path

import pytest
from cookiecutter.exceptions import FailedHookException
from cookiecutter.hooks import run_hook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import generate as generating
from tests.commands import ruff
from tests.generate import PROJECT_FOLDER, TEMPLATE, tracked

CONTEXT = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
PRIVATE = {name for name in CONTEXT if name.startswith("_")}
SURVIVORS = [
    "Ärger & Ünïcode ñ",
    "日本語プロジェクト",
    "Rockets 🚀 👩‍💻",
    'The "quoted" one',
    "It's 'mine'",
    '"""',
    "'''",
    "C:\\new\\table\\",
    "\\",
    "{{ name }} {% load x %} {# y #}",
    "${HOME} $(id) `id`",
    "a > b >= c >> d %> #> e",
    "<script>alert(1)</script>",
    "# heading: - [ ] \\u0022 %s",
    "\N{RIGHT-TO-LEFT MARK}שלום",
]


@functools.cache
def template() -> tempfile.TemporaryDirectory[str]:
    """The template without the files that contain no answers, which take most of the time."""
    folder = tempfile.TemporaryDirectory()
    for path in tracked():
        is_fixed = b"cookiecutter." not in path.read_bytes() and path.name != "__init__.py"
        if is_fixed and path.is_relative_to(PROJECT_FOLDER):
            continue
        copy = Path(folder.name, path.relative_to(TEMPLATE))
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return folder


def generate(folder: Path, **answers: str) -> Path:
    return generating.generate(folder, template=Path(template().name), **answers)


def refusal(folder: Path, capfd: pytest.CaptureFixture[str], **answers: str) -> str:
    """Return the first line of the error. Nothing may be left in `folder`."""
    with pytest.raises((FailedHookException, FileNotFoundError)):
        generate(folder, **answers)
    assert list(folder.iterdir()) == []
    return capfd.readouterr().err.splitlines()[0]


def constant(source: Path, name: str) -> str:
    """Return the value that a module assigns to `name`."""
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{source} does not assign {name}")


@pytest.fixture(scope="module", params=SURVIVORS)
def text(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def project(text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("survivor")
    answers = dict.fromkeys(["project_name", "description", "author_name"], text)
    return generate(folder, project_slug="it", **answers)


def test_text_survives(project: Path, text: str) -> None:
    metadata = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata["description"] == text
    assert metadata["authors"][0]["name"] == text
    assert constant(project / "config/settings.py", "PROJECT_NAME") == text


def test_text_leaves_the_code_clean(project: Path) -> None:
    answered = [
        path.relative_to(PROJECT_FOLDER)
        for path in PROJECT_FOLDER.rglob("*.py")
        if "<< cookiecutter." in path.read_text(encoding="utf-8")
    ]
    assert Path("config/settings.py") in answered
    assert ruff(project, "check", *answered) == ""
    assert ruff(project, "format", "--check", *answered) == ""


@pytest.mark.parametrize("name", ["project_name", "description", "author_name"])
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" ", "is empty: type at least one visible character."),
        ("\u200b\u3164", "is empty: type at least one visible character."),
        ("Name ", "starts or ends with a space: remove it."),
        ("a\nb", "contains the invisible character U+000A: remove it and keep to one line."),
        ("a\x00b", "contains the invisible character U+0000: remove it and keep to one line."),
        ("a\u2028b", "contains the invisible character U+2028: remove it and keep to one line."),
        ("a\u202eb", "contains the invisible character U+202E: remove it and keep to one line."),
        ("a\ud800b", "contains the invisible character U+D800: remove it and keep to one line."),
    ],
)
def test_text_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, text: str, problem: str
) -> None:
    assert refusal(tmp_path, capfd, project_slug="it", **{name: text}) == f"{name} {problem}"


def test_text_is_refused_when_it_is_too_wide(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert refusal(tmp_path, capfd, project_name="日本" * 18, project_slug="it") == (
        "project_name takes 72 columns of 70: shorten it (a quote takes six, a backslash or a "
        "wide character two)."
    )


@pytest.mark.parametrize("text", ["a << b", "a <% b", "<# c", "# % if x"])
def test_delimiter_typed_at_a_prompt_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str
) -> None:
    """cookiecutter renders answers from the command line, but not typed ones. So run the hook
    as after a prompt."""
    answers = {
        **CONTEXT,
        "project_name": text,
        "project_slug": "it",
        "domain_name": "it.example.com",
        "django_version": "5.2",
    }
    with pytest.raises(FailedHookException):
        run_hook_in(tmp_path / "it", answers)
    found = re.search("<<|<%|<#|# %", text)
    assert found is not None
    assert capfd.readouterr().err.splitlines()[:2] == [
        f'project_name contains "{found[0]}", which is template syntax: leave it out.',
        "",
    ]


def run_hook_in(folder: Path, answers: dict[str, object]) -> None:
    """Run the hook as cookiecutter does: from the template's folder, in a new folder."""
    answers["_template"] = str(TEMPLATE)
    for name in ("project_name", "description", "author_name"):
        answers[f"__{name}"] = str(answers[name]).replace("\\", r"\\").replace('"', r"\u0022")
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(TEMPLATE)
        run_hook("pre_gen_project", folder, {"cookiecutter": answers})


@settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(alphabet=st.characters(), max_size=30).map("<{}".format))
def test_hook_reads_any_answer_as_it_was_given(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str
) -> None:
    """No answer can close the string that contains it in the hook's source."""
    answers = {**CONTEXT, "domain_name": "it.example.com", "project_slug": text}
    with pytest.raises(FailedHookException):
        run_hook_in(tmp_path / "it", {**answers, "timezone": text, "author_email": text})
    lines = capfd.readouterr().err.partition("\n\n")[0].split("\n")
    assert [line.partition(" ")[0] for line in lines] == [
        "project_slug",
        "author_email",
        "timezone",
    ]
    assert all(line.partition(" ")[2].startswith(ascii(text)) for line in lines)


SLUG = (
    "cannot name a folder, a package and an image: start with a lower-case letter, then use "
    "a-z, 0-9 and single hyphens"
)


@pytest.mark.parametrize(
    ("slug", "problem"),
    [
        ("3d-print", f'{SLUG}, for instance "d-print".'),
        ("Team", f'{SLUG}, for instance "team".'),
        ("team_tracker", f'{SLUG}, for instance "team-tracker".'),
        ("team--tracker", f'{SLUG}, for instance "team-tracker".'),
        ("team-", f'{SLUG}, for instance "team".'),
        ("-team", f'{SLUG}, for instance "team".'),
        ("équipe", f'{SLUG}, for instance "quipe".'),
        ("team\n", "contains the invisible character U+000A: remove it and keep to one line."),
        ("a/b/c", f'{SLUG}, for instance "a-b-c".'),
        ("x" * 41, f'has 41 characters: use at most 40, for instance "{"x" * 40}".'),
        ("django", 'is already taken: add a word, for instance "django-app".'),
        ("celery", 'is already taken: add a word, for instance "celery-app".'),
        ("config", 'is already taken: add a word, for instance "config-app".'),
        ("test", 'is already taken: add a word, for instance "test-app".'),
        ("calendar", 'is already taken: add a word, for instance "calendar-app".'),
        ("default", 'is already taken: add a word, for instance "default-app".'),
    ],
)
def test_slug_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], slug: str, problem: str
) -> None:
    line = refusal(tmp_path, capfd, project_slug=slug, domain_name="example.com")
    assert line == f"project_slug {slug!a} {problem}"


def test_slug_outside_the_folder_is_refused_and_leaves_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "output"
    folder.mkdir()
    line = refusal(folder, capfd, project_slug="../a/b", domain_name="example.com")
    assert line == f"project_slug '../a/b' {SLUG}, for instance \"a-b\"."
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("slug", ["a", "t1", "team-tracker", "x" * 40])
def test_slug_is_accepted(tmp_path: Path, slug: str) -> None:
    assert generate(tmp_path, project_slug=slug) == tmp_path / slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ärger & Ünïcode", "arger-unicode"),
        ("日本", "ri-ben"),
        ("🚀", "my-project"),
        ("x " * 30 + "x", "x-" * 19 + "x"),
    ],
)
def test_slug_follows_from_the_name(tmp_path: Path, name: str, slug: str) -> None:
    assert generate(tmp_path, project_name=name).name == slug


@pytest.mark.parametrize("name", ["__project_name", "__description", "__author_name"])
def test_private_variable_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    line = refusal(tmp_path, capfd, **{name: '"""'})
    assert line == f"{name} cannot be set: leave it out of the command line."


@pytest.mark.parametrize(
    "domain",
    [
        "https://example.com",
        "example.com:80",
        "example.com/x",
        "Example.com",
        "example",
        "a..b",
        "-a.com",
        "a_b.com",
        "1.2.3.4/8",
        f"{'a' * 64}.com",
        "exämple.com",
    ],
)
def test_domain_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str], domain: str) -> None:
    assert refusal(tmp_path, capfd, domain_name=domain) == (
        f"domain_name {domain!a} is not a domain name: write it in lower case without https://, "
        'port or path, for instance "tasks.example.com" (accents as xn--...).'
    )


@pytest.mark.parametrize(
    "address",
    [
        "team",
        "team@",
        "@example.com",
        "The Team <team@example.com>",
        "a b@example.com",
        '"a"@example.com',
        "team@example",
        "a@b@example.com",
        "a\\@example.com",
    ],
)
def test_address_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], address: str
) -> None:
    assert refusal(tmp_path, capfd, author_email=address) == (
        f'author_email {address!a} is not an email address: write it like "team@example.com".'
    )


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Mars/Olympus", "Europe/Berlin"),
        ("../etc/passwd", "Europe/Berlin"),
        ("Factory", "Europe/Berlin"),
        ("localtime", "Europe/Berlin"),
    ],
)
def test_timezone_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], zone: str, hint: str
) -> None:
    assert refusal(tmp_path, capfd, timezone=zone) == (
        f'timezone {zone!a} is not a time zone: write it like "{hint}".'
    )


def test_timezone_is_accepted(tmp_path: Path) -> None:
    project = generate(tmp_path, timezone="America/Argentina/Buenos_Aires")
    assert constant(project / "config/settings.py", "TIME_ZONE") == (
        "America/Argentina/Buenos_Aires"
    )


def test_timezone_is_judged_by_its_form_where_none_is_known(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine may have no time zone database, and Python no `tzdata`."""
    (tmp_path / "tzdata").mkdir()
    (tmp_path / "tzdata" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONTZPATH", "")
    assert generate(tmp_path / "good", timezone="Mars/Olympus_Mons").exists()
    (tmp_path / "bad").mkdir()
    assert refusal(tmp_path / "bad", capfd, timezone="Berlin time") == (
        'timezone \'Berlin time\' is not a time zone: write it like "Europe/Berlin" or "UTC".'
    )


def test_every_wrong_answer_has_an_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    refusal(tmp_path, capfd, project_slug="Team", timezone="x", author_email="x", domain_name="x")
    capfd.readouterr()
    with pytest.raises(FailedHookException):
        generate(tmp_path, project_slug="Team", timezone="x", author_email="x", domain_name="x")
    lines = capfd.readouterr().err.splitlines()[:4]
    assert [line.partition(" ")[0] for line in lines] == [
        "project_slug",
        "author_email",
        "domain_name",
        "timezone",
    ]


def test_derived_domain_is_no_second_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    refusal(tmp_path, capfd, project_slug="Team Tracker")
    with pytest.raises(FailedHookException):
        generate(tmp_path, project_slug="Team Tracker")
    first, empty, *_ = capfd.readouterr().err.splitlines()
    assert first.startswith("project_slug 'Team Tracker' cannot name")
    assert empty == ""


def test_printed_command_keeps_the_other_answers(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The printed command keeps the other answers, however they are quoted."""
    name = 'It\'s "Ümläut" & $HOME'
    with pytest.raises(FailedHookException):
        generate(tmp_path, project_name=name, project_slug="Ümläut", timezone="Europe/Paris")
    [command] = re.findall(r"^  (cookiecutter .*)$", capfd.readouterr().err, re.MULTILINE)
    [_, of, *pairs] = shlex.split(command)
    assert of == template().name
    answers = dict(pair.split("=", 1) for pair in pairs)
    assert answers.keys() == CONTEXT.keys() - {"project_slug", "domain_name"} - PRIVATE
    settings = generate(tmp_path, **answers) / "config/settings.py"
    assert constant(settings, "PROJECT_NAME") == name
    assert constant(settings, "TIME_ZONE") == "Europe/Paris"


def test_cruft_is_named_where_it_asked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    answers = {**CONTEXT, "project_slug": "Team", "domain_name": "a.example.com", "_commit": "1"}
    with pytest.raises(FailedHookException):
        run_hook_in(tmp_path / "it", {**answers, "django_version": "5.2"})
    [command] = re.findall(r"^  (cruft .*)$", capfd.readouterr().err, re.MULTILINE)
    [*words, context] = shlex.split(command)
    assert words == ["cruft", "create", str(TEMPLATE), "--extra-context"]
    assert json.loads(context)["project_name"] == CONTEXT["project_name"]
