"""The files of the template folder, and of the generated project."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import make
from tests.files import LIST, files
from tests.generate import PROJECT_FOLDER, TEMPLATE, copy_of_template, generate, tracked

# What opens an expression, a block, a comment or a statement. The closing delimiters are
# harmless alone: documents may contain Python's prompt, ">>>".
OPENINGS = re.compile(rb"<<|<%|<#|^\s*# %", re.MULTILINE)
EXPRESSION = re.compile(
    rb"<< (cookiecutter\.[a-z_]+"
    rb'|"[0-9.]+" if cookiecutter\.django_version == "5\.2" else "[0-9.]+") >>'
)
STATEMENT = re.compile(
    rb'^ *# % (if cookiecutter\.django_version == "(5\.2|6\.1)"|else|endif|filter [^<]+|endfilter)$'
)


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:8192]


def sources() -> Iterator[Path]:
    """Return the text files of the template folder."""
    for path in tracked():
        if PROJECT_FOLDER in path.parents and is_text(path):
            yield path


def test_files_are_exactly_these(tmp_path: Path, django_version: str) -> None:
    generated = set(files(generate(tmp_path, django_version=django_version)))
    expected = set(LIST.read_text(encoding="utf-8").splitlines())
    changes = [f"+ {name}" for name in sorted(generated - expected)]
    changes += [f"- {name}" for name in sorted(expected - generated)]
    assert not changes, "\n".join(["`make files` accepts these changes:", *changes])


def test_no_delimiter_is_left(tmp_path: Path, django_version: str) -> None:
    project = generate(tmp_path, django_version=django_version)
    left = [
        f"{name}: {match[0].decode()}"
        for name in files(project)
        if is_text(project / name)
        if "static/" not in name  # built files are copied unchanged
        for match in OPENINGS.finditer((project / name).read_bytes())
    ]
    assert left == []


def test_template_opens_only_known_expressions() -> None:
    """YAML's merge key, the shell's here-documents and bit shifts would open an expression, and
    a comment that starts with a percent sign would open a statement."""
    unknown = []
    for path in sources():
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if OPENINGS.search(EXPRESSION.sub(b"", line)) and not STATEMENT.match(line):
                unknown.append(f"{path.relative_to(TEMPLATE)}:{number}: {line.decode()}")
    assert unknown == []


def test_template_folder_is_valid_python() -> None:
    for path in sources():
        if path.suffix == ".py":
            ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def test_files_name_no_registry_and_no_machine() -> None:
    hosts = ["pypi", "pythonhosted", "npmjs", "deb.debian", "security.debian"]
    traces = re.compile("|".join([rf"\b{host}\.(org|com)" for host in hosts] + ["/ro" + "ot/"]))
    found = [
        f"{path.relative_to(TEMPLATE)}: {match[0]}"
        for path in tracked()
        if is_text(path)
        for match in traces.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_template_is_clean() -> None:
    """Its style, format and spelling, and those of the raw project folder."""
    make(TEMPLATE, "lint")


def test_projects_differ_in_their_secret_only(tmp_path: Path) -> None:
    one, two = generate(tmp_path / "one"), generate(tmp_path / "two")
    differing = [
        name for name in files(one) if (one / name).read_bytes() != (two / name).read_bytes()
    ]
    assert files(one) == files(two)
    assert differing == [".env"]
    lines = zip(
        (one / ".env").read_text().splitlines(),
        (two / ".env").read_text().splitlines(),
        strict=True,
    )
    assert [a.partition("=")[0] for a, b in lines if a != b] == ["SECRET_KEY"]


def test_env_has_a_secret_key_and_private_mode(tmp_path: Path) -> None:
    env = generate(tmp_path) / ".env"
    secret = re.search(r"^SECRET_KEY=([A-Za-z0-9_-]+)$", env.read_text(), re.MULTILINE)
    assert secret is not None
    assert len(secret[1]) >= 50
    assert env.stat().st_mode & 0o077 == 0


def test_env_is_kept_when_a_project_is_generated_again(tmp_path: Path) -> None:
    project = generate(tmp_path)
    (project / ".env").write_text("SECRET_KEY=mine\n")
    again = tmp_path / "again"
    shutil.copytree(project, again / "team-tracker")
    (again / "team-tracker" / "README.md").unlink(missing_ok=True)
    generate(again, overwrite=True)
    assert (again / "team-tracker" / ".env").read_text() == "SECRET_KEY=mine\n"


def test_failed_generation_leaves_nothing(tmp_path: Path) -> None:
    """Whatever goes wrong. Here it is a broken file in a copy of the template."""
    template = copy_of_template(tmp_path / "template")
    broken = template / PROJECT_FOLDER.name / "broken.txt"
    broken.write_text("<< cookiecutter.nothing >>")
    output = tmp_path / "output"
    output.mkdir()
    with pytest.raises(Exception, match=r"Unable to create file 'broken\.txt'"):
        generate(output, template=template)
    assert list(output.iterdir()) == []
