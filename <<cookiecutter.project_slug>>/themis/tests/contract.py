"""What Themis requires of the project's templates: see `templates/` here."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "templates"
TEMPLATES = [path.name for path in sorted(FOLDER.glob("*.html"))]
BLOCKS = re.findall(r"{% block (\w+) %}", (FOLDER / "base.html").read_text("utf-8"))
