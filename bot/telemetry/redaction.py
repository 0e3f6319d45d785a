"""Takes secrets out of any text, whatever way they got into it; the last line of defence, not the first."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

_IN_PLACE: Final = "•••"
_SHORTEST: Final = 4
"""Characters. Anything shorter is no secret, and would be found in ordinary words."""

# A bot's token; the token of an interaction in the addresses that answer it; what a header would hold; a name
# and a password in an address.
_PATTERNS: Final = re.compile(
    r"[MNO][\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}"
    r"|(?<=/interactions/)\d+/[^/\s'\"]+"
    r"|(?<=/webhooks/)\d+/[^/\s'\"]+"
    r"|(?<=Authorization: )Bot \S+"
    r"|(?<=://)[^/\s@:]+:[^/\s@]+(?=@)"
)


class Redaction:
    def __init__(self, secrets: Iterable[str]) -> None:
        written = {form for secret in secrets if len(secret) >= _SHORTEST for form in _forms(secret)}
        ways = sorted(written, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, ways))) if ways else None

    def __call__(self, text: str) -> str:
        """`text` without what was given as a secret, and without what looks like a token of Discord's."""
        if self._secrets is not None:
            text = self._secrets.sub(_IN_PLACE, text)
        return _PATTERNS.sub(_IN_PLACE, text)


def _forms(secret: str) -> tuple[str, ...]:
    """As itself, in an address, and in what `repr` makes of it."""
    return secret, quote(secret, safe=""), repr(secret)[1:-1]
