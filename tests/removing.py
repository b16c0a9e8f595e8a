"""Projects whose owner removed a part by following docs/removing-….md."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.documents import Block, a_copy, blocks, commands, edit, run
from tests.references import broken_links, missing_files, unknown_targets

# Each page, with words that must not occur afterwards.
PAGES = {
    "the-example": r"(?<![\w.-])(?-i:tracker)(?=[/.:\"'`])|task tracker|make demo|sample.data"
    r"|check_(overdue|due_soon)|check-(overdue|tasks-due-soon)",
    "celery": r"celery|shared_task|background-tasks|(components|deployment)/worker",
    "the-api": r"/api/v1|api_keys|api-keys|API keys?\b|JSON API|\bapi\.md|THEMIS_API|schemathesis",
    "kubernetes": r"kubernetes|kubectl|k8s|kustomiz|cronjob|\bdeploy\.md|\bdeploy/",
    "languages": r"\bgerman\b|\bfrench\b|languages\.md|tracker/locale|(make|compile)messages",
}
# Files that are not searched for them: Themis, tests, which are run, and translations.
ELSEWHERE = re.compile(
    r"(themis|tests|locale|frontend|tracker/locale|tracker/sample_data|\.venv|\.uv|\.\w+_cache)/"
    r"|docs/removing-|uv\.lock$|db\.sqlite3|\.env$|.*\.(mo|pyc)$"
)
# The modules that a project without the part must not import.
GONE = {"celery": "celery"}


def document(page: str) -> Path:
    return Path("docs", f"removing-{page}.md")


def without(*pages: str, project: Path, shared_folder: Path) -> Path:
    """Return a copy of a project whose owner followed these pages, made once per test run."""
    version = project.parent.name
    original = a_copy(project, f"{version} before a removal", shared_folder, prepare)

    def change(copy: Path) -> None:
        shutil.copy(original / "db.sqlite3", copy)
        remove(copy, *pages)

    return a_copy(original, f"{version} without {' '.join(pages)}", shared_folder, change)


def prepare(project: Path) -> None:
    """Give the project a database with the data that the pages delete."""
    run(project, "python manage.py migrate --verbosity=0")
    run(project, "python manage.py load_sample_data")
    run(project, "python manage.py api_keys issue demo CI --scope notifications:read")


def remove(project: Path, *pages: str) -> None:
    """Follow these pages, one after the other.

    Skip steps for parts that were removed before, as the pages say.
    """
    original = set(files(project))
    for page in pages:
        for block in blocks(project / document(page)):
            if block.language == "diff" and is_possible(block, project, original):
                edit(project, block)
            elif block.language == "console":
                for command, _output in commands(block):
                    run(project, command, where=block.where, **environment(project))


def is_possible(block: Block, project: Path, original: set[str]) -> bool:
    name = block.text.partition("\n")[0].removeprefix("--- ")
    return name not in original or (project / name).exists()


def environment(project: Path) -> dict[str, str]:
    """Return an environment in which libraries that the project no longer needs are missing.

    They are still installed, because the environment is shared.
    """
    pyproject = (project / "pyproject.toml").read_text(encoding="utf-8")
    gone = [module for name, module in GONE.items() if f'"{name}' not in pyproject]
    if not gone:
        return {}
    folder = project.with_name(f"{project.name} libraries")
    folder.mkdir(exist_ok=True)
    for module in gone:
        (folder / f"{module}.py").write_text(f'raise ModuleNotFoundError("{module} is removed.")\n')
    plugins = " ".join(f"-p no:{module}" for module in gone)
    return {"PYTHONPATH": str(folder), "PYTEST_ADDOPTS": plugins}


OF_TOOLS = re.compile(r"\.venv|\.hypothesis|\..*_cache")


def files(project: Path) -> Iterator[str]:
    """Return every file of a project, except caches and installed packages."""
    for folder, folders, names in os.walk(project):
        folders[:] = [name for name in folders if not OF_TOOLS.fullmatch(name)]
        for name in names:
            yield Path(folder, name).relative_to(project).as_posix()


def assert_sound(project: Path) -> None:
    """Run the quick parts of `make check`."""
    variables = environment(project)
    run(project, "python manage.py check", **variables)
    run(project, "python manage.py makemigrations --check --dry-run", **variables)
    run(project, "ruff check .")
    run(project, "ruff format --check .")
    run(project, "make --dry-run check run test-browser")


def leftovers(project: Path, original: Path, *pages: str) -> list[str]:
    """Return lines that mention what pages removed, except those that the pages added."""
    written = {line for page in pages for line in written_by(original / document(page))}
    pattern = re.compile("|".join(PAGES[page] for page in pages), re.IGNORECASE)
    return [
        f"{name}:{number}: {line}"
        for name in sorted(files(project))
        if not ELSEWHERE.match(name)
        for number, line in enumerate(text(project / name).splitlines(), start=1)
        if pattern.search(line) and line not in written
    ]


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="ignore")


def written_by(page: Path) -> set[str]:
    """Return the lines that a page adds."""
    return {
        line[1:]
        for block in blocks(page, "diff")
        for line in block.text.splitlines()[1:]
        if line.startswith("+")
    }


def dead_references(project: Path, original: Path) -> list[str]:
    """Return references in a project's documents to things that were removed."""
    return [
        f"{name}: {reference}"
        for name in sorted(files(project))
        if name.endswith(".md") and not name.startswith(("themis/", "docs/removing-"))
        for find in REFERENCES
        for reference in sorted(
            set(find(project / name, project)) - set(find(original / name, original))
        )
    ]


REFERENCES: list[Callable[[Path, Path], list[str]]] = [
    lambda document, project: broken_links(document),
    lambda document, project: sorted(unknown_targets(document, project)),
    missing_files,
]


def deleted_by(page: Path) -> set[str]:
    """Return the cluster's objects that a page deletes: `cronjob/check-overdue-tasks`."""
    objects = set()
    for block in blocks(page, "sh"):
        for line in re.findall(r"^kubectl .*\bdelete (.+)$", block.text, re.MULTILINE):
            words = line.split()
            if "/" in words[0]:
                objects |= set(words)
            else:
                objects |= {f"{words[0]}/{name}" for name in words[1:]}
    return objects
