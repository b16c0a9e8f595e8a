"""The text of a key, and what the database stores of it.

A key is `thm_`, 32 random characters of base62 (190 bits) and a checksum. That much
randomness needs no slow hash. SHA-256 takes microseconds; a password hash takes a third
of a second, so anybody could keep the server busy with wrong keys. The checksum
refuses junk without a query. The prefix lets secret scanners find a leaked key.
"""

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "thm_"
PATTERN = re.compile(r"thm_[0-9A-Za-z]{38}")
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def generate() -> str:
    """Return the text of a new key."""
    text = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(32))
    return text + checksum(text)


def is_well_formed(text: str) -> bool:
    """Return whether `generate()` could have created this text."""
    return bool(PATTERN.fullmatch(text)) and checksum(text[:-6]) == text[-6:]


def beginning(text: str) -> str:
    """Return what identifies a key in a list: `thm_` and six characters."""
    return text[: len(PREFIX) + 6]


def digest(text: str) -> str:
    """Return the irreversible hash by which the database finds a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def checksum(text: str) -> str:
    """Return the CRC32 of a text as six characters of base62."""
    number, characters = zlib.crc32(text.encode()), ""
    for _position in range(6):
        number, index = divmod(number, len(ALPHABET))
        characters = ALPHABET[index] + characters
    return characters
