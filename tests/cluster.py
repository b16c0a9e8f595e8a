"""A stand-in for `kubectl` that records its calls, and answers as a cluster would.

It renders with the real one. Its state, and what happens to the migration, is in a file.
"""

import json
import os
import shutil
import stat
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import yaml

LABEL = "app.kubernetes.io/part-of"


class Cluster:
    """The state of the stand-in, which tests control."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "cluster.json"
        self.program = folder / "kubectl"

    def install(self) -> None:
        real = shutil.which("kubectl")
        template = str(Path(__file__).parents[1])
        self.program.write_text(
            f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {template!r})\n"
            f"from tests.cluster import main\nmain({real!r}, {str(self.file)!r}, sys.argv[1:])\n"
        )
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)
        self.write(objects={}, calls=[], looks=[["Complete", "Succeeded"]], broken=[], down=0)

    def read(self) -> dict[str, Any]:
        return dict(json.loads(self.file.read_text()))

    def write(self, **values: Any) -> None:
        known = self.read() if self.file.exists() else {}
        self.file.write_text(json.dumps({**known, **values}))

    @property
    def calls(self) -> list[str]:
        return list(self.read()["calls"])

    @property
    def names(self) -> set[str]:
        return set(self.read()["objects"])

    def deploy(self, project: Path, overlay: str, **environment: str) -> tuple[int, str]:
        """Run `make deploy`. Return its exit code and its output."""
        path = f"{self.program.parent}:{os.environ['PATH']}"
        known = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        run = subprocess.run(
            ["make", "deploy", f"OVERLAY={overlay}"],
            cwd=project,
            env={**known, "PATH": path, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return run.returncode, run.stdout


def main(real: str, file: str, arguments: list[str]) -> None:
    if arguments[0] == "kustomize":
        os.execv(real, [real, *arguments])
    cluster = Cluster(Path(file).parent)
    state = cluster.read()
    state["calls"].append(" ".join(arguments))
    try:
        answer(state, arguments)
    finally:
        cluster.write(**state)


def answer(state: dict[str, Any], arguments: list[str]) -> None:
    parser = ArgumentParser()
    parser.add_argument("words", nargs="+")
    for option in ("filename", "selector", "output", "namespace", "timeout", "tail", "dry-run"):
        parser.add_argument(f"--{option}")
    for option in ("field-selector", "sort-by", "cascade"):
        parser.add_argument(f"--{option}")
    for flag in ("prune", "ignore-not-found", "prefix"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("--prune-allowlist", action="append", default=[])
    options = parser.parse_args(arguments)
    match options.words:
        case ["apply"]:
            apply(state, options)
        case ["delete", "job", name]:
            state["objects"].pop(f"Job/{name}", None)
        case ["get", "job", "migrate"]:
            if state["down"]:
                state["down"] -= 1
                sys.exit("Unable to connect to the server")
            print(look(state)[0])
        case ["get", "pods"] if options.output:
            print(look(state)[1])
            if len(state["looks"]) > 1:
                state["looks"].pop(0)
        case ["get"]:
            for name in files(options):
                kind, _, rest = name.partition("/")
                group = ".apps" if kind in ("Deployment", "StatefulSet") else ""
                print(f"{kind.lower()}{group}/{rest}")
        case ["rollout", "status", name] if name in state["broken"]:
            sys.exit(f"error: deployment {name} exceeded its progress deadline")
        case ["logs", *_]:
            print("[pod/migrate] Applying tracker.0002_estimate...")
        case ["config", "current-context"]:
            print("kind-kind")


def look(state: dict[str, Any]) -> list[str]:
    """Return the Job's conditions and its pods' phases at the next check."""
    return list(state["looks"][0])


def files(options: Namespace) -> dict[str, Any]:
    objects = yaml.load_all(Path(options.filename).read_text(), Loader=yaml.CSafeLoader)
    return {f"{one['kind']}/{one['metadata']['name']}": one for one in objects if one}


def selects(selector: str | None, one: dict[str, Any]) -> bool:
    labels = one["metadata"].get("labels", {})
    if not selector:
        return True
    if "!=" in selector:
        name, _, value = selector.partition("!=")
        return labels.get(name) != value
    name, _, value = selector.partition("=")
    return labels.get(name) == value


def apply(state: dict[str, Any], options: Namespace) -> None:
    objects = state["objects"]
    chosen = {name: one for name, one in files(options).items() if selects(options.selector, one)}
    if not chosen:
        sys.exit("error: no objects passed to apply")
    for name, one in chosen.items():
        before = objects.get(name, one)
        if one["kind"] == "Job" and before["spec"]["template"] != one["spec"]["template"]:
            sys.exit(f"The {name} is invalid: spec.template: field is immutable")
        if not options.dry_run:
            objects[name] = one
        print(f"{name} configured")
    if options.prune:
        for name, one in list(objects.items()):
            version = one["apiVersion"] if "/" in one["apiVersion"] else f"core/{one['apiVersion']}"
            if (
                name not in chosen
                and selects(options.selector, one)
                and f"{version}/{one['kind']}" in options.prune_allowlist
            ):
                print(f"{name} pruned" + (" (server dry run)" if options.dry_run else ""))
                if not options.dry_run:
                    del objects[name]
