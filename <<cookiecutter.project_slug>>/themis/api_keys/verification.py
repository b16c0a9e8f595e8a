from themis.api_keys.secret import digest, is_well_formed
from themis.models import APIKey


def verify(text: str, address: str) -> APIKey | None:
    """Return the active key with this text, or None.

    Junk needs no query. For an unknown key, a revoked and an expired one the same query
    finds nothing: neither the answer nor its time tells which it was.

    Args:
        text: the whole key, such as a script sends it.
        address: the IP address that it comes from. A key that names networks is valid
            in them alone.
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
