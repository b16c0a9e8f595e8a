"""Response headers when somebody signs out."""


def test_sign_out_clears_the_browser(client, user):
    client.force_login(user)
    assert "Clear-Site-Data" not in client.get("/settings/")
    response = client.post("/accounts/logout/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_anonymous_sign_out(client, db):
    assert "Clear-Site-Data" not in client.post("/accounts/logout/")
