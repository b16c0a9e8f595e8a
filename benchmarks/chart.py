"""The bar chart of README.md: how many times the floor each side needs."""

from html import escape

Figures = dict[str, dict[str, dict[str, dict[str, float]]]]

COLORS = {"themis": "#b4431f", "hq 1.8.3": "#7a8794", "community 1.12.3": "#b9c2ca"}
LEFT, WIDTH, BAR, GAP = 250, 420, 11, 8
LARGEST = 50  # times the floor; longer bars are cut off, and labeled so
STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#59636e}"
    "@media(prefers-color-scheme:dark){text{fill:#b6bec6}}"
)


def chart(figures: Figures) -> str:
    """Return an SVG with one bar per side for each database and each task."""
    parts: list[str] = []
    y = 40
    for number, (side, color) in enumerate(COLORS.items()):
        x = LEFT + 150 * number
        parts.append(rectangle(x, 12, 10, color) + text(x + 15, 20, side))
    for database, sides in figures.items():
        parts.append(text(8, y + 4, f"{database}: times the floor", "font-weight:600"))
        y += 16
        for name, figure in sides["themis"].items():
            if "floor" not in figure:
                continue
            parts.append(text(20, y + 9, name))
            for side, color in COLORS.items():
                if other := sides[side].get(name):
                    parts.append(bar(y, other["seconds"] / other["floor"], color))
                    y += BAR + 1
            y += GAP
        y += GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {y}" role="img" '
        'aria-label="How many times the floor Themis and its peers need">'
        f"<style>{STYLE}</style>{''.join(parts)}</svg>\n"
    )


def bar(y: float, ratio: float, color: str) -> str:
    width = WIDTH * min(ratio, LARGEST) / LARGEST
    label = f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}"
    more = " →" if ratio > LARGEST else ""
    return rectangle(LEFT, y, width, color) + text(LEFT + width + 5, y + BAR, label + more)


def rectangle(x: float, y: float, width: float, color: str) -> str:
    return f'<rect x="{x:.0f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{color}"/>'


def text(x: float, y: float, content: str, style: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y}" style="{style}">{escape(content)}</text>'
