"""Redaction: removes secrets from any text before it is written; the last safeguard, not the only one."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

_PLACEHOLDER: Final = "•••"
_MIN_SECRET_SIZE: Final = 4
"""In characters. Anything shorter also occurs in ordinary words."""

# A bot's token; an interaction's token in the URLs that answer it; an Authorization header; the user name and
# the password of a URL.
_PATTERNS: Final = re.compile(
    r"[MNO][\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}"
    r"|(?<=/interactions/)\d+/[^/\s'\"]+"
    r"|(?<=/webhooks/)\d+/[^/\s'\"]+"
    r"|(?<=Authorization: )Bot \S+"
    r"|(?<=://)[^/\s@:]+:[^/\s@]+(?=@)"
)


class Redaction:
    """A callable that replaces known secrets, and everything that looks like a Discord token, by `•••`."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {
            spelling
            for secret in secrets
            if len(secret) >= _MIN_SECRET_SIZE
            for spelling in _spellings(secret)
        }
        longest_first = sorted(spellings, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def __call__(self, text: str) -> str:
        if self._secrets is not None:
            text = self._secrets.sub(_PLACEHOLDER, text)
        return _PATTERNS.sub(_PLACEHOLDER, text)


def _spellings(secret: str) -> tuple[str, ...]:
    """The secret as it is, as part of a URL, and as `repr` escapes it."""
    return secret, quote(secret, safe=""), repr(secret)[1:-1]
