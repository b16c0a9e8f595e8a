from tests.browser.accessibility import check

PAGES = {
    "API keys": "/settings/api-keys/",
    "new API key": "/settings/api-keys/new/",
    "documentation of the API": "/api/v1/docs/",
}


def new_key(page):
    page.get_by_label("Name").fill("CI")
    page.get_by_role("button", name="Create", exact=True).click()
    page.locator("#api-key").wait_for()


def test_new_key_can_be_copied(visit, site):
    visitor = visit("ada", permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open("/settings/api-keys/new/")
    new_key(page)
    for name in ("api-key", "api-key-try"):
        page.locator(f"[data-copy={name}]").click()
        page.locator("#toast", has_text="Copied.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator(f"#{name}").input_value()
    site.run("from themis.models import APIKey\nAPIKey.objects.all().delete()")


def test_new_key_is_selected_without_clipboard(visit, site):
    visitor = visit("ada")
    visitor.context.add_init_script("delete Navigator.prototype.clipboard")
    page = visitor.open("/settings/api-keys/new/")
    new_key(page)
    page.locator("[data-copy=api-key]").click()
    field = page.locator("#api-key")
    selected = field.evaluate("field => field.value.slice(0, field.selectionEnd)")
    assert selected == field.input_value()
    site.run("from themis.models import APIKey\nAPIKey.objects.all().delete()")


def test_pages(visit, site, look, axe):
    page = visit("ada", base_url=site.url, **look).context.new_page()
    assert check(page, PAGES, axe) == {}
