"""Translation of sentences for members: plural forms, in English."""

from gettext import NullTranslations
from typing import Final

_TRANSLATIONS: Final = NullTranslations()


def plural(count: int, one: str, other: str, /, **values: object) -> str:
    """The sentence for `count`: `one` or `other`, with `{count}` and the named `values` filled in.

    `{count}` is written with a comma between thousands.
    """
    return _TRANSLATIONS.ngettext(one, other, count).format(count=f"{count:,}", **values)
