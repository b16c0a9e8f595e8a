def test_leads_to_the_picture(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Location"]) == (
        302,
        "/static/themis/favicon.svg",
    )
