def test_redirects_to_the_icon(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Location"]) == (
        302,
        "/static/themis/favicon.svg",
    )
