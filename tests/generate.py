"""Generate projects as `cookiecutter` does, without a trace in the home directory."""

import functools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from cookiecutter.main import cookiecutter

TEMPLATE = Path(__file__).parent.parent
PROJECT_FOLDER = TEMPLATE / "<<cookiecutter.project_slug>>"


def tracked() -> list[Path]:
    """Return the template's files that are in git or not ignored: no caches."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TEMPLATE,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = [TEMPLATE / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def copy_of_template(folder: Path) -> Path:
    """Copy the template as a fresh clone would. Return the path of the copy."""
    for path in tracked():
        copy = folder / path.relative_to(TEMPLATE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return folder


@functools.cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    copy_of_template(Path(folder.name))
    return folder


def generate(
    folder: Path, *, template: Path | None = None, overwrite: bool = False, **answers: str
) -> Path:
    """Generate a project with the default answers except `answers`. Return its path."""
    with tempfile.TemporaryDirectory() as home:
        config = Path(home, "config.yaml")
        config.write_text(json.dumps({"replay_dir": home}), encoding="utf-8")
        return Path(
            cookiecutter(
                str(template or _template().name),
                no_input=True,
                extra_context=answers,
                output_dir=str(folder),
                config_file=str(config),
                overwrite_if_exists=overwrite,
            )
        )
