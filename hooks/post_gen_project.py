"""Write .env, the settings of this checkout, and print what to do next."""

import json
import os
import secrets
from pathlib import Path

ANSWERS = json.loads(r"""<< cookiecutter | tojson >>""")

env = Path(".env")
if not env.exists():  # a project that is generated again keeps its secret key
    example = Path(".env.example").read_text(encoding="utf-8")
    with os.fdopen(os.open(env, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(
            example.replace("\nSECRET_KEY=\n", f"\nSECRET_KEY={secrets.token_urlsafe(50)}\n", 1)
        )

print(f"\nYour project is ready. Next:\n\n  cd {ANSWERS['project_slug']}\n  make demo\n")
