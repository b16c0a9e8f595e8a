"""Following docs/removing-….md leaves nothing of the removed part.

Heavy tests run all tests of these projects.
"""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.documents import blocks
from tests.generate import PROJECT_FOLDER
from tests.heavy.processes import Manifests, missing
from tests.removing import (
    PAGES,
    assert_sound,
    dead_references,
    deleted_by,
    document,
    leftovers,
    without,
)

every_page = pytest.mark.parametrize("page", PAGES)
OVERLAYS = ["local", "production"]


@pytest.fixture
def copy(page: str, project: Path, shared_folder: Path) -> Path:
    """A project whose owner followed a page."""
    return without(page, project=project, shared_folder=shared_folder)


@every_page
def test_project_is_sound(copy: Path) -> None:
    assert_sound(copy)


@every_page
def test_nothing_mentions_it(copy: Path, project: Path, page: str) -> None:
    assert leftovers(copy, project, page) == []
    assert not (copy / document(page)).exists()


@every_page
def test_documents_mention_nothing_removed(copy: Path, project: Path) -> None:
    assert dead_references(copy, project) == []


def test_all_together(project: Path, shared_folder: Path) -> None:
    copy = without(*PAGES, project=project, shared_folder=shared_folder)
    assert_sound(copy)
    assert dead_references(copy, project) == []
    assert leftovers(copy, project, *PAGES) == []


@pytest.fixture(scope="module")
def kubectl() -> None:
    if shutil.which("kubectl") is None:
        missing("kubectl")


def objects(project: Path, overlay: str) -> set[str]:
    with tempfile.TemporaryDirectory() as folder:
        secrets = Path(folder, "k8s") if overlay == "local" else None
        manifests = Manifests(project, overlay, secrets=secrets)
    return {
        f"{one['kind'].lower()}/{one['metadata']['name']}"
        for one in manifests.objects
        if one["kind"] not in ("ConfigMap", "Secret")  # their names change with their content
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("page", [page for page in PAGES if page != "kubernetes"])
def test_page_deletes_removed_objects_from_the_cluster(
    copy: Path, project: Path, kubectl: None, page: str, overlay: str
) -> None:
    gone = objects(project, overlay) - objects(copy, overlay)
    assert gone == deleted_by(project / document(page))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_page_about_kubernetes_deletes_the_namespace(
    project: Path, kubectl: None, overlay: str
) -> None:
    [namespace] = deleted_by(project / document("kubernetes"))
    assert namespace in objects(project, overlay)


@every_page
def test_page_has_few_steps(page: str) -> None:
    text = (PROJECT_FOLDER / document(page)).read_text(encoding="utf-8")
    assert 4 <= text.count("\n1. ") + sum(text.count(f"\n{n}. ") for n in range(2, 10)) <= 6


@every_page
def test_removal_never_edits_themis(project: Path, page: str) -> None:
    edited = [block.text.partition("\n")[0] for block in blocks(project / document(page), "diff")]
    assert edited
    assert [header for header in edited if header.startswith("--- themis/")] == []


def test_pages_are_these() -> None:
    assert {path.name for path in PROJECT_FOLDER.glob("docs/removing-*.md")} == {
        document(page).name for page in PAGES
    }
