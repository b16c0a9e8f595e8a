"""Uploads to the bucket in STORAGE_URL, over HTTP, with a server that implements S3."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.heavy.processes import free_port, status, wait_until

UV = os.environ.get("UV") or shutil.which("uv") or "uv"
SERVER = "moto[server]>=5.2,<6"
USE_THE_BUCKET = """
import urllib.error, urllib.request
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage as uploads
uploads.connection.create_bucket(
    Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
)
names = [uploads.save("reports/tasks.csv", ContentFile(text)) for text in (b"first", b"second")]
assert names[0] == "reports/tasks.csv" and len(set(names)) == 2, names  # none is replaced
assert [uploads.open(name).read() for name in names] == [b"first", b"second"]
address = uploads.url(names[0])
assert "Signature=" in address, address
assert urllib.request.urlopen(address).read() == b"first"
uploads.delete(names[0])
assert [uploads.exists(name) for name in names] == [False, True]
print("done")
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    with subprocess.Popen(
        [UV, "tool", "run", "--quiet", "--from", SERVER, "moto_server", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_until(lambda: status(port, "/moto-api/") == 200, 180, "the server answers")
            yield port
        finally:
            process.terminate()


def test_uploads_go_to_the_bucket(project: Path, server: int) -> None:
    before = set(project.rglob("*"))
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    run = subprocess.run(
        # In a separate environment, as in the image: other tests don't have the extra.
        [*(UV, "run", "--isolated", "--no-dev", "--extra", "s3"), "python", "-c", USE_THE_BUCKET],
        cwd=project,
        env={
            **environment,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONDONTWRITEBYTECODE": "1",
            "STORAGE_URL": f"s3+http://a-key:a%2Fsecret@127.0.0.1:{server}/uploads"
            "?region_name=eu-central-1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "done\n", run.stderr
    assert set(project.rglob("*")) == before
