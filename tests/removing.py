"""Projects without a part of what was generated: somebody has followed docs/removing-….md."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.documents import Block, a_copy, blocks, commands, edit, run
from tests.references import broken_links, missing_files, unknown_targets

# Each page, with what nothing may mention afterwards.
PAGES = {
    "the-example": r"(?<![\w.-])(?-i:tracker)(?=[/.:\"'`])|task tracker|make demo|sample.data"
    r"|check_(overdue|due_soon)|check-(overdue|tasks-due-soon)",
    "celery": r"celery|shared_task|background-tasks|(components|deployment)/worker",
    "the-api": r"/api/v1|api_keys|api-keys|API keys?\b|JSON API|\bapi\.md|THEMIS_API|schemathesis",
    "kubernetes": r"kubernetes|kubectl|k8s|kustomiz|cronjob|\bdeploy\.md|\bdeploy/",
    "languages": r"\bgerman\b|\bfrench\b|languages\.md|tracker/locale|(make|compile)messages",
}
# Where no mention is looked for: what Themis is, tests, which run, and texts of any kind.
ELSEWHERE = re.compile(
    r"(themis|tests|locale|frontend|tracker/locale|tracker/sample_data|\.venv|\.uv|\.\w+_cache)/"
    r"|docs/removing-|uv\.lock$|db\.sqlite3|\.env$|.*\.(mo|pyc)$"
)
# What an import of a library meets that the project does without.
GONE = {"celery": "celery"}


def document(page: str) -> Path:
    return Path("docs", f"removing-{page}.md")


def without(*pages: str, project: Path, shared_folder: Path) -> Path:
    """A copy of a project whose owner has followed these pages in turn, made once in a run."""
    version = project.parent.name
    original = a_copy(project, f"{version} before a removal", shared_folder, prepare)

    def change(copy: Path) -> None:
        shutil.copy(original / "db.sqlite3", copy)
        remove(copy, *pages)

    return a_copy(original, f"{version} without {' '.join(pages)}", shared_folder, change)


def prepare(project: Path) -> None:
    """Give the project a database with what the pages delete."""
    run(project, "python manage.py migrate --verbosity=0")
    run(project, "python manage.py load_sample_data")
    run(project, "python manage.py api_keys issue demo CI --scope notifications:read")


def remove(project: Path, *pages: str) -> None:
    """Follow these pages, one after the other.

    A step for a part that has been removed before is skipped, as its page says.
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
    """The variables in which a library that the project does without is not there.

    It is still installed: the environment is shared.
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
    """Every file of a project, but for caches and what is installed."""
    for folder, folders, names in os.walk(project):
        folders[:] = [name for name in folders if not OF_TOOLS.fullmatch(name)]
        for name in names:
            yield Path(folder, name).relative_to(project).as_posix()


def assert_sound(project: Path) -> None:
    """What takes seconds of `make check`."""
    variables = environment(project)
    run(project, "python manage.py check", **variables)
    run(project, "python manage.py makemigrations --check --dry-run", **variables)
    run(project, "ruff check .")
    run(project, "ruff format --check .")
    run(project, "make --dry-run check run test-browser")


def leftovers(project: Path, original: Path, *pages: str) -> list[str]:
    """Lines that mention what pages have removed, but for those that they have written."""
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
    """The lines that a page adds."""
    return {
        line[1:]
        for block in blocks(page, "diff")
        for line in block.text.splitlines()[1:]
        if line.startswith("+")
    }


def dead_references(project: Path, original: Path) -> list[str]:
    """What the documents of a project refer to, and what was there before it was removed."""
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
    """The objects of a cluster that a page deletes: `cronjob/check-overdue-tasks`."""
    objects = set()
    for block in blocks(page, "sh"):
        for line in re.findall(r"^kubectl .*\bdelete (.+)$", block.text, re.MULTILINE):
            words = line.split()
            if "/" in words[0]:
                objects |= set(words)
            else:
                objects |= {f"{words[0]}/{name}" for name in words[1:]}
    return objects
