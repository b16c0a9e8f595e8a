"""`make links`: request every link from a document to another site, and print those that fail."""

import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from tests.generate import tracked

LINK = re.compile(r"\]\((https?://[^)\s#]+)")
# Some sites answer these to scripts: the page exists.
REFUSALS = {401, 403, 405, 429}


def links(documents: Iterable[Path]) -> list[str]:
    """Return the addresses that these documents link to, each once."""
    return sorted({link for file in documents for link in LINK.findall(file.read_text("utf-8"))})


def problem(link: str) -> str | None:
    """Return what is wrong with a link, or None. Say so only after three attempts."""
    request = urllib.request.Request(link, headers={"User-Agent": "Mozilla/5.0"})
    for _ in range(3):
        try:
            urllib.request.urlopen(request, timeout=30).close()
        except urllib.error.HTTPError as error:
            if error.code in REFUSALS:
                return None
            found = f"{error.code} {error.reason}"
        except OSError as error:
            found = str(error)
        else:
            return None
    return found


def main() -> None:
    documents = [path for path in tracked() if path.suffix == ".md"]
    problems = [(link, found) for link in links(documents) if (found := problem(link))]
    for link, found in problems:
        print(f"{link}: {found}")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
