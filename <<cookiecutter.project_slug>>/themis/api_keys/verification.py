from themis.api_keys.secret import digest, is_well_formed
from themis.models import APIKey


def verify(text: str, address: str) -> APIKey | None:
    """Return the active key with this text, or None.

    Junk needs no query. For an unknown, a revoked or an expired key, the same query
    finds nothing, so neither the response nor its time reveals which it was.

    Args:
        text: the whole key, as sent.
        address: the IP address of the client. A key with networks is only valid
            there.
    """
    if not is_well_formed(text):
        return None
    key = (
        APIKey.objects.active()
        .filter(digest=digest(text), user__is_active=True)
        .select_related("user")
        .first()
    )
    return key if key and key.allows_address(address) else None
