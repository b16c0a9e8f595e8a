"""The code in documents works, and everything that they name exists."""

import itertools
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.commands import ruff
from tests.documents import Block, a_copy, blocks, commands, edit, play, put, run
from tests.fragments import FOLDER, commands_not_played, fragment, write_fragments
from tests.generate import PROJECT_FOLDER, TEMPLATE
from tests.references import broken_links, missing_files, targets, unknown_targets

# Separate tests follow these: a part that is removed cannot be used afterwards.
NOT_PLAYED = "removing*.md"
# The second continues with the app that readers of the first created.
FIRST, SECOND = "docs/first-trigger.md", "docs/notifications.md"
DOCUMENTS = [
    *("README.md", "AGENTS.md"),
    *sorted(f"docs/{path.name}" for path in PROJECT_FOLDER.glob("docs/*.md")),
]
# The template's own documents are tested as the generated ones, but on the template.
OWN_DOCUMENTS = [
    *("README.md", "CHANGELOG.md", "docs/UPGRADING.md"),
    *(".github/CONTRIBUTING.md", ".github/SECURITY.md"),
]
MADE = {"demo/", "static/themis/themis.css"}  # by `make demo` and `make css`
PLAYED = [FIRST, SECOND] + [
    name for name in DOCUMENTS if name not in (FIRST, SECOND) and not Path(name).match(NOT_PLAYED)
]
# What `make format` fixes in a part of a file.
STYLE = """
[tool.ruff.lint]
select = ["I"]
isort.known-first-party = ["accounts", "config", "orders", "themis", "tracker"]
"""
# What checks the code blocks of each language, besides `play()` and `write_fragments()`.
PARSERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": lambda text: list(yaml.safe_load_all(text)),
}
OTHER_LANGUAGES = {"console", "css", "diff", "html", "mermaid", "python", "sh"}
# The tests of `make check` in the guide that a new app can break. A heavy test runs all.
TESTS_OF_A_NEW_APP = {"ARGS": "-n0 -k 'orders or checks or translations'"}


@pytest.fixture(scope="session")
def after_first_trigger(project: Path, shared_folder: Path) -> Path:
    """A project whose owner followed the guide."""

    def change(copy: Path) -> None:
        make_an_account(copy)
        play(copy / FIRST, copy, **TESTS_OF_A_NEW_APP)

    return a_copy(project, "first trigger", shared_folder, change)


@pytest.fixture(scope="session")
def played(after_first_trigger: Path, shared_folder: Path) -> Path:
    """A project whose owner did everything that the documents say."""

    def change(copy: Path) -> None:
        shutil.copy(after_first_trigger / "db.sqlite3", copy)
        for document in PLAYED[1:]:
            play(copy / document, copy)
        run(copy, "make format")
        for document in PLAYED:
            write_fragments(copy / document, copy)
        write_fragments(TEMPLATE / "README.md", copy)

    return a_copy(after_first_trigger, "documents", shared_folder, change)


def make_an_account(project: Path) -> None:
    """Create the account that readers of the guide have."""
    run(project, "python manage.py migrate --verbosity=0")
    run(
        project,
        "python manage.py createsuperuser --noinput --username=ada --email=ada@example.com",
        DJANGO_SUPERUSER_PASSWORD="secret",
    )


def titles_in_mailbox(project: Path) -> str:
    return run(
        project,
        "python manage.py shell -v0 -c 'from themis.models import UserNotification as N\n"
        'print(*N.objects.values_list("title", flat=True))\'',
    )


def test_guide_to_a_first_trigger(after_first_trigger: Path) -> None:
    """Its `make check` passed, or the project would not exist."""
    assert titles_in_mailbox(after_first_trigger) == "Order A-19 is on its way\n"


@pytest.mark.parametrize("name", PLAYED)
def test_code_needs_no_formatting(project: Path, tmp_path: Path, name: str) -> None:
    """Whoever copies a file as printed finds nothing for `make format` to do."""
    for block in blocks(project / name):
        if block.language == "python" and block.file:
            file = tmp_path / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(STYLE)
    assert not ruff(tmp_path, "check", ".")


def test_style(played: Path) -> None:
    run(played, f"ruff check --extend-exclude {FOLDER} .")


def test_fragments_and_tests_pass(played: Path) -> None:
    ours = {block.file for name in PLAYED for block in blocks(played / name) if block.file}
    tests = sorted({name for name in ours if re.match(r"tests/.*/test_", name)})
    assert tests
    printed = run(played, f"pytest -q -p no:cacheprovider {FOLDER} {' '.join(tests)}")
    passed = re.search(r"(\d+) passed", printed)
    assert passed
    assert int(passed[1]) > 15


def test_own_health_check_is_in_the_report(played: Path) -> None:
    get = """
from django.test import Client
print(Client().get("/healthz/", headers={"Authorization": "Bearer secret"}).json()["checks"])
"""
    report = run(played, f"python manage.py shell -v0 -c '{get}'", THEMIS_HEALTH_TOKEN="secret")
    assert re.search("'storage.*?'status': 'pass'", report)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_blocks_are_of_a_language_that_is_checked(project: Path, name: str) -> None:
    for block in blocks(project / name):
        assert block.language in OTHER_LANGUAGES | PARSERS.keys(), block.where
        if block.language in PARSERS:
            PARSERS[block.language](block.text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_names_only_targets_that_exist(project: Path, name: str) -> None:
    assert unknown_targets(project / name, project) == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_names_only_files_that_exist(played: Path, name: str) -> None:
    assert missing_files(played / name, played) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_links_to_files_and_headings_that_exist(project: Path, name: str) -> None:
    assert broken_links(project / name) == []


def test_page_for_agents_names_only_what_exists(project: Path) -> None:
    """In addition to what the tests of all documents check."""
    text = (project / "AGENTS.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    programs = re.findall(r"`\.venv/bin/(\w+) ([^`]+)`", text)
    assert {program for program, _ in programs} == {"pytest", "python"}
    for program, arguments in programs:
        assert (project / ".venv/bin" / program).exists()
        assert (project / arguments.split()[0]).exists(), arguments
    [(hook, name)] = re.findall(r"the commit hook `([\w-]+)`: \"([^\"]+)\"", text)
    hooks = (project / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert f"- id: {hook}\n        name: {name}\n" in hooks
    checks = "".join(path.read_text() for path in (project / "themis/checks").glob("*.py"))
    for name in re.findall(r"`(themis\.E\d+)`", text):
        assert name in checks


@pytest.mark.parametrize("name", OWN_DOCUMENTS)
def test_own_document_names_only_what_exists(name: str) -> None:
    document = TEMPLATE / name
    assert broken_links(document) == []
    # A path may be in a generated project.
    missing = [path for path in missing_files(document, TEMPLATE) if path not in MADE]
    assert [path for path in missing if not (PROJECT_FOLDER / path).exists()] == []
    assert unknown_targets(document, TEMPLATE) <= targets(PROJECT_FOLDER).keys()
    for block in blocks(document):
        assert block.language in ("python", "sh", "text"), block.where


def test_own_readme_shows_what_is_generated() -> None:
    """The questions with their defaults, and the tree."""
    questions, tree = (block.text for block in blocks(TEMPLATE / "README.md", "text"))
    context = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
    prompts = [
        [prompt] if isinstance(prompt, str) else prompt.values()
        for prompt in context["__prompts__"].values()
    ]
    assert re.findall(r"\[(\d)/8\]", questions) == list("12345678")[: len(prompts)]
    for prompt in itertools.chain(*prompts):
        assert prompt in questions
    for name in ("project_name", "description", "author_name", "author_email", "timezone"):
        assert f"({context[name]}):" in questions
    hook = (TEMPLATE / "hooks/post_gen_project.py").read_text(encoding="utf-8")
    [ready] = re.findall("^Your project .*$", questions, re.MULTILINE)
    assert ready in hook
    names = re.findall(r"── ([\w./-]+)", tree)
    assert len(names) > 8
    assert [name for name in names if not (PROJECT_FOLDER / name).exists()] == []


@pytest.mark.parametrize("name", [name for name in OWN_DOCUMENTS if name != "README.md"])
def test_own_document_is_short(name: str) -> None:
    assert len((TEMPLATE / name).read_text(encoding="utf-8").splitlines()) <= 60


def test_readme_names_only_variables_and_settings_that_exist(project: Path) -> None:
    readme = (project / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", readme))
    documented = set(
        re.findall(r"^#?([A-Z_]+)=", (project / ".env.example").read_text(encoding="utf-8"), re.M)
    )
    for name in ("config/settings.py", "docs/customizing.md"):
        documented |= set(re.findall(r"\b[A-Z_]+\b", (project / name).read_text(encoding="utf-8")))
    assert "DATABASE_URL" in named
    assert named - documented == set()


# The tools themselves: each of the tests above is able to fail.


def block(text: str, language: str = "python") -> Block:
    return Block(Path("guide.md"), 1, language, text)


def test_blocks_lose_the_indentation_of_their_list(tmp_path: Path) -> None:
    document = tmp_path / "guide.md"
    document.write_text("1. Do:\n\n   ```sh\n   one\n     two\n   ```\n\n```yaml\na: 1\n```\n")
    assert blocks(document) == [
        Block(document, 3, "sh", "one\n  two\n"),
        Block(document, 8, "yaml", "a: 1\n"),
    ]
    assert [each.language for each in blocks(document, "yaml")] == ["yaml"]


def test_commands_have_expected_output() -> None:
    console = block('$ one "a\nb" c\n$ two\nIt said this,\nand that.\n', "console")
    assert list(commands(console)) == [('one "a\nb" c', ""), ("two", "It said this,\nand that.\n")]


def test_failing_command_is_found(tmp_path: Path) -> None:
    document = tmp_path / "guide.md"
    for command in ("false", "echo this\nthat"):
        document.write_text(f"```console\n$ {command}\n```\n")
        with pytest.raises(AssertionError, match=r"guide\.md, line 1: "):
            play(document, tmp_path)


def test_edit_needs_its_place(tmp_path: Path) -> None:
    (tmp_path / "urls.py").write_text("one\ntwo\nthree\n")
    edit(tmp_path, block("--- urls.py\n one\n-two\n+2\n", "diff"))
    assert (tmp_path / "urls.py").read_text() == "one\n2\nthree\n"
    for part in ("two", "thre", "hree"):  # lines match as a whole
        with pytest.raises(AssertionError, match=rf"--- urls\.py does not have:\n{part}"):
            edit(tmp_path, block(f"--- urls.py\n-{part}\n", "diff"))


def test_edit_drops_whole_lines_in_several_places(tmp_path: Path) -> None:
    (tmp_path / "urls.py").write_text("one\ntwo\nthree\n\nfour\n")
    edit(tmp_path, block("--- urls.py\n-one\n@@\n-\n-four\n", "diff"))
    assert (tmp_path / "urls.py").read_text() == "two\nthree\n"


def test_file_with_all_that_was_there_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "apps.py").write_text("import os\n\n\nclass Config:\n    pass\n")
    put(tmp_path, "apps.py", "# apps.py\nclass Config:\n    name = 'orders'\n")
    assert (tmp_path / "apps.py").read_text() == "class Config:\n    name = 'orders'\n"


def test_part_of_a_file_goes_to_its_place(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(
        '"""Views."""\n\nimport os\n\nPAGES = 3\n\n\n@cached\ndef first():\n    return os\n'
    )
    put(
        tmp_path,
        "views.py",
        "# views.py\nimport sys\n\n\n# why\ndef second():\n    return sys\n\n\n"
        "def first():\n    ...\n",
    )
    assert (tmp_path / "views.py").read_text() == (
        '"""Views."""\n\nimport os\nimport sys\n\nPAGES = 3\n\n\ndef first():\n    ...\n'
        "\n\n# why\ndef second():\n    return sys\n"
    )


def test_file_that_only_calls_something_keeps_its_calls(tmp_path: Path) -> None:
    (tmp_path / "admin.py").write_text("import admin\n\nadmin.register(User)\n")
    put(tmp_path, "admin.py", "# admin.py\nimport sys\n\nadmin.unregister(Group)\n")
    assert (tmp_path / "admin.py").read_text() == (
        "import admin\nimport sys\n\nadmin.register(User)\n\n\nadmin.unregister(Group)\n"
    )


def test_fragment_gets_what_it_does_not_define() -> None:
    assert fragment(block("import os\n\nos.fspath(user.username)\nprint(total)\n")) == (
        "def test_line_1(total: Decimal, user: User) -> None:\n"
        "    import os\n\n    os.fspath(user.username)\n    print(total)\n"
    )


def test_fragment_with_undefined_names_is_found() -> None:
    with pytest.raises(AssertionError, match=r"guide\.md, line 1 uses \['JsonResponse', 'tasks'\]"):
        fragment(block("def view():\n    return JsonResponse(tasks)\n"))


def test_commands_in_the_text_are_found() -> None:
    text = "`manage.py one --a`\n```console\n$ python manage.py two\n```\nmanage.py three 1  # x\n"
    assert commands_not_played(text) == [("one", " --a"), ("three", " 1  ")]
