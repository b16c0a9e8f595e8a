"""Check pages: accessible, according to axe-core, and not wider than the screen."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "rtl": {"viewport": {"width": 390, "height": 844}, "locale": "ar"},
}


def violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate(
        "tags => axe.run({ runOnly: { type: 'tag', values: tags } })", RULES
    )
    return [
        (violation["id"], node["html"][:200], node["failureSummary"])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page):
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def check(page, paths, axe):
    found = {}
    for name, path in paths.items():
        page.goto(path)
        if problems := violations(page, axe):
            found[name] = problems
        if too_wide := overflow(page):
            found[f"{name}, width"] = too_wide
    return found
