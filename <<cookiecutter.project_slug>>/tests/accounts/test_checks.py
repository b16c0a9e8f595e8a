import pytest

from accounts.checks import check_mail


def test_production_needs_a_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "")
    [error] = check_mail()
    assert error.id == "accounts.E001"
    assert "EMAIL_URL" in error.msg

    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.com:25")
    assert check_mail() == []
