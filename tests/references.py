"""Find references in documents to things that do not exist."""

import re
from pathlib import Path
from urllib.parse import unquote


def broken_links(document: Path) -> list[str]:
    """Return links to files and headings that do not exist. Leave out pages of GitHub: `../../`."""
    links = re.findall(r"\]\(([^)#:]*)(#[^)]*)?\)", _prose(document))
    return [
        path + anchor
        for path, anchor in links
        if not path.startswith("../../actions/")
        if not (file := document.parent / unquote(path) if path else document).exists()
        or (anchor and anchor not in _anchors(file))
    ]


def unknown_targets(document: Path, project: Path) -> set[str]:
    """Return targets of `make` that the project does not have."""
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^(?:\$ )?|`)make ([a-z-]+)", text, re.M))
    return named - targets(project).keys()


def missing_files(document: Path, project: Path) -> list[str]:
    """Return files and folders that the project does not have."""
    named = set(re.findall(r"`([\w.-]+/[\w./-]*|[a-z_]+\.(?:md|toml|yaml))`", _prose(document)))
    # Paths that go up are those of overlays.
    places = [project, project / "deploy/k8s/overlays/production"]
    return [path for path in sorted(named) if not any((one / path).exists() for one in places)]


def targets(project: Path) -> dict[str, list[str]]:
    """Return the targets of the Makefile and its includes, with their prerequisites."""
    rules = [
        rule
        for file in [project / "Makefile", *project.glob("*/*.mk")]
        for rule in re.findall(r"^([a-z-]+):([a-z -]*)", file.read_text(encoding="utf-8"), re.M)
    ]
    return {name: needs.split() for name, needs in rules}


def _prose(document: Path) -> str:
    """Return the text without code blocks, whose links are relative to another place."""
    text = document.read_text(encoding="utf-8")
    return re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub generates them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.M)
    return {"#" + re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
