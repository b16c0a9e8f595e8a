from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.storage.handler import StorageHandler

from config import storage

S3 = "s3://key:a%2Fb@s3.example.com:9000/uploads"


def default(url: str, *, debug: bool = False) -> Storage:
    """Return where Django stores uploads for the given STORAGE_URL."""
    return StorageHandler(storage.storage_settings(url, debug=debug))["default"]


def options(url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(storage, "find_spec", lambda name: object())
    return storage.storage_settings(url, debug=False)["default"]["OPTIONS"]


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "with a space"
    name = default(folder.as_uri()).save("a.txt", ContentFile(b"text"))
    assert (folder / name).read_bytes() == b"text"


def test_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    found = options(S3, monkeypatch)
    assert found["endpoint_url"] == "https://s3.example.com:9000"
    assert found["bucket_name"] == "uploads"
    assert (found["access_key"], found["secret_key"]) == ("key", "a/b")
    assert found["file_overwrite"] is False, "Uploads would replace each other."


def test_a_bucket_with_options(monkeypatch: pytest.MonkeyPatch) -> None:
    found = options(f"{S3}?region_name=eu-central-1", monkeypatch)
    assert found["region_name"] == "eu-central-1"


def test_a_bucket_with_the_credentials_of_the_pod(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = options("s3://s3.example.com/uploads", monkeypatch)
    assert not {"access_key", "secret_key"} & found.keys()


def test_bucket_without_the_extra_names_the_fix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="--extra s3"):
        storage.storage_settings(S3, debug=False)


def test_unknown_storage_scheme() -> None:
    with pytest.raises(ImproperlyConfigured, match="starts with ftp:"):
        storage.storage_settings("ftp://files.example.com/", debug=False)


def test_tests_leave_no_file() -> None:
    assert "InMemoryStorage" in type(storages["default"]).__name__
