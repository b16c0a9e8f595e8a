from tests.browser.accessibility import check

PAGES = {
    "API keys": "/settings/api-keys/",
    "new API key": "/settings/api-keys/new/",
    "documentation of the API": "/api/v1/docs/",
}


def test_pages(visit, site, look, axe):
    page = visit("ada", base_url=site.url, **look).context.new_page()
    assert check(page, PAGES, axe) == {}
