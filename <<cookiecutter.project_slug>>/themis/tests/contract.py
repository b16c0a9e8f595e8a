"""What Themis asks of the project's templates: see `templates/` beside this file."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "templates"
TEMPLATES = [path.name for path in sorted(FOLDER.glob("*.html"))]
BLOCKS = re.findall(r"{% block (\w+) %}", (FOLDER / "base.html").read_text("utf-8"))
