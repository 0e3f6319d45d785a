"""Redaction: no secret stays in a text, and ordinary text stays as it is."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telemetry.redaction import Redaction

KEY = 'the"key\\of/all%doors'
SECRETS = st.text(string.ascii_letters + string.digits + "\"'\\/%.-_[]", min_size=4, max_size=30)


@given(secret=SECRETS, before=st.text(), after=st.text())
def test_secret_is_removed_wherever_it_is(secret: str, before: str, after: str) -> None:
    assert secret not in Redaction([secret])(f"{before}{secret}{after}{secret}")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"the key is {KEY}.", "the key is •••."),
        (f"the key is {KEY!r}", "the key is '•••'"),
        ("https://x.test/?key=the%22key%5Cof%2Fall%25doors", "https://x.test/?key=•••"),
        ("a key and its prefix: longer-secret", "a key and its prefix: •••"),
    ],
)
def test_known_secret_is_removed_in_every_spelling(text: str, redacted: str) -> None:
    assert Redaction([KEY, "longer", "longer-secret"])(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("token MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB", "token •••"),
        ("POST https://discord.com/api/v10/interactions/123/aW50ZXI/callback",
         "POST https://discord.com/api/v10/interactions/•••/callback"),
        ("PATCH https://discord.com/api/v10/webhooks/123/aW50ZXI/messages/@original",
         "PATCH https://discord.com/api/v10/webhooks/•••/messages/@original"),
        ("Authorization: Bot abc.def", "Authorization: •••"),
        ("through http://somebody:my-word@proxy.test:8080/x", "through http://•••@proxy.test:8080/x"),
    ],
)  # fmt: skip
def test_discord_token_or_password_is_removed_without_being_known(text: str, redacted: str) -> None:
    assert Redaction(())(text) == redacted


@pytest.mark.parametrize("text", ["Ready as Needledrop#0 on 1 shard(s)", "", "/music: answered in 52 ms"])
def test_text_without_a_secret_stays_as_it_is(text: str) -> None:
    assert Redaction(["s3cret", "ms", ""])(text) == text
