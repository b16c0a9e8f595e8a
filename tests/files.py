"""List the files of a generated project: `make files` writes the list that tests expect."""

import tempfile
from pathlib import Path

from tests.generate import generate

LIST = Path(__file__).with_name("files.txt")


def files(project: Path) -> list[str]:
    """Return every file of a project, relative to its folder."""
    return sorted(
        path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        LIST.write_text("\n".join(files(generate(Path(folder)))) + "\n", encoding="utf-8")
