"""What a document refers to, and does not exist: each function returns what it has found."""

import re
from pathlib import Path


def broken_links(document: Path) -> list[str]:
    """Links to files and headings that are not there."""
    links = re.findall(r"\]\(([^)#:]*)(#[^)]*)?\)", _prose(document))
    return [
        path + anchor
        for path, anchor in links
        if not (file := document.parent / path if path else document).exists()
        or (anchor and anchor not in _anchors(file))
    ]


def unknown_targets(document: Path, project: Path) -> set[str]:
    """Targets of `make` that the project does not have."""
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^(?:\$ )?|`)make ([a-z-]+)", text, re.M))
    return named - targets(project).keys()


def missing_files(document: Path, project: Path) -> list[str]:
    """Files and folders that the project does not have."""
    named = set(re.findall(r"`([\w.-]+/[\w./-]*|[a-z_]+\.(?:md|toml|yaml))`", _prose(document)))
    # A path that goes up is one of an overlay's.
    places = [project, project / "deploy/k8s/overlays/production"]
    return [path for path in sorted(named) if not any((one / path).exists() for one in places)]


def targets(project: Path) -> dict[str, list[str]]:
    """The targets of the Makefile, and of what it includes, with what they need first."""
    rules = [
        rule
        for file in [project / "Makefile", *project.glob("*/*.mk")]
        for rule in re.findall(r"^([a-z-]+):([a-z -]*)", file.read_text(encoding="utf-8"), re.M)
    ]
    return {name: needs.split() for name, needs in rules}


def _prose(document: Path) -> str:
    """The text without its blocks of code: these refer to where they will stand."""
    text = document.read_text(encoding="utf-8")
    return re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _anchors(document: Path) -> set[str]:
    """What links to the headings of a document end with, as GitHub makes it."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.M)
    return {"#" + re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
