"""Select by labels, as Kubernetes does."""

from typing import Any


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Return whether a selector matches labels. An empty one matches everything."""
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        _matches(one["key"], one["operator"], one.get("values", []), labels)
        for one in selector.get("matchExpressions", [])
    )


def keys(selector: dict[str, Any]) -> set[str]:
    """Return the labels that a selector uses."""
    return {
        *selector.get("matchLabels", {}),
        *(one["key"] for one in selector.get("matchExpressions", [])),
    }


def _matches(
    key: str, operator: str, values: list[str], labels: dict[str, str]
) -> bool:
    match operator:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels
