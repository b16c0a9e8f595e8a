"""What a notification is about, as one number."""

from hashlib import blake2b
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from django.db.models import Model

SOURCE_FIELDS = ("source_app", "source_model", "source_id")
TEXT_FIELDS = ("title", "message", "level", "url")


def source_key(app: str, model: str, id: str) -> int:
    """Return the key that all notifications about one object share: 64 bits, signed."""
    return _hash("source", app, model, id)


def text_key(title: str, message: str, level: str, url: str) -> int:
    """Return the same for notifications without a source: equal text, equal key."""
    return _hash("text", title, message, level, url)


class SourceKeyField(models.BigIntegerField):
    """A number that follows from the source, or without one, from the text.

    It stands in for the three source columns in every index, which then need 8 bytes
    where the texts would need 50. It is computed whenever a row is saved.
    """

    def pre_save(self, model_instance: "Model", add: bool) -> int:
        key = self.of(model_instance)
        setattr(model_instance, self.attname, key)
        return key

    @staticmethod
    def of(notification: "Model") -> int:
        source = [getattr(notification, name) for name in SOURCE_FIELDS]
        if any(source):
            return source_key(*source)
        return text_key(*(getattr(notification, name) for name in TEXT_FIELDS))


def _hash(*parts: str) -> int:
    # A part that ends where another one begins must not make the same key.
    text = "".join(f"{len(part)}:{part}" for part in map(str, parts))
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
