import pytest

from config.database import CONNECTION, SERVER, database_settings

URL = "postgres://app:secret@db.example.com:5432/app"


def options(url: str) -> dict[str, object]:
    found = database_settings(url)["OPTIONS"]
    assert isinstance(found, dict)
    return found


def test_dead_idle_connection_is_reopened() -> None:
    database = database_settings(URL)

    assert (
        not database.get("CONN_MAX_AGE")
        or database.get("CONN_HEALTH_CHECKS")
        or "pool" in database["OPTIONS"]
    ), "Add CONN_HEALTH_CHECKS in config/database.py, or requests fail after a restart."


@pytest.mark.parametrize("name", CONNECTION)
def test_a_timeout_of_the_connection_can_be_changed(name: str) -> None:
    assert options(URL)[name] == CONNECTION[name]
    assert options(f"{URL}?{name}=7")[name] == 7


@pytest.mark.parametrize("name", SERVER)
def test_a_timeout_of_the_server_can_be_changed(name: str) -> None:
    assert f"-c {name}={SERVER[name]}" in str(options(URL)["options"])
    changed = options(f"{URL}?{name}=7s")
    assert f"-c {name}=7s" in str(changed["options"])
    assert name not in changed
    assert name not in str(options(f"{URL}?{name}=0")["options"])


def test_own_options_are_kept() -> None:
    assert "-c search_path=app" in str(
        options(f"{URL}?options=-c%20search_path%3Dapp")["options"]
    )


def test_pgbouncer_gets_no_options() -> None:
    assert "options" not in options(f"{URL}?DISABLE_SERVER_SIDE_CURSORS=True")


def test_two_processes_can_write_to_sqlite() -> None:
    assert options("sqlite:////tmp/db.sqlite3")["transaction_mode"] == "IMMEDIATE"


def test_connections_to_sqlite_stay_open() -> None:
    """Opening the first one needs space, which a full disk does not have."""
    assert database_settings("sqlite:////tmp/db.sqlite3")["CONN_MAX_AGE"] is None
