"""Which tracks the rules of one channel let through; at the same cost for 3 rules and for 500. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from bot.errors import Refused
from bot.filters.rules import in_markdown, span_of
from bot.models import Query, Rule, RuleKind, Search, Span, Track
from bot.text import escape, genre_key, words, words_apart

_GENRES_NAMED: Final = 10
_SHOWN: Final = 80


class Filters:
    """The server's rules and one channel's: its allow-list stands in for the server's, the rest adds up."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        """`rules` are those of the whole server and of one channel alone."""
        self.rules: Sequence[Rule] = tuple(rules)
        self._allowed = self._allow_list()
        self._allowed_genres = {genre_key(rule.text) for rule in self._allowed}
        self._not_allowed = Rule("allow genre", ", ".join(rule.text for rule in self._allowed))
        self._blocked_genres = {genre_key(rule.text): rule for rule in self._of("block genre")}
        self._artists = _Phrases(self._of("block artist"))
        self._words = _Phrases(self._of("block word"))
        self._lengths = [(span_of(rule), rule) for rule in self._of("length")]

    @property
    def allowed_genres(self) -> Sequence[str]:
        """As moderators wrote them; none where every genre is allowed that is not blocked."""
        return [rule.text for rule in self._allowed if not self.is_blocked(rule.text)]

    def verdict(self, track: Track) -> Rule | None:
        """The rule that hides `track`; None where it may be shown."""
        rule = self.genre_verdict(track.genre) or self._length_verdict(track.duration)
        if rule is not None or not (self._artists or self._words):
            return rule
        text = words_apart(filter(None, (track.name, track.artist, track.album)))
        if track.artist and self._artists.may_be_in(text):
            rule = self._artists.first_in(words(track.artist))
        return rule or self._words.first_in(text)

    def genre_verdict(self, genre: str | None) -> Rule | None:
        """The rule that hides every track of `genre`; under an allow-list that is any genre not on it."""
        key = genre_key(genre or "")
        if self._allowed and key not in self._allowed_genres:
            return self._not_allowed
        return self._blocked_genres.get(key)

    def is_blocked(self, genre: str) -> bool:
        return self.genre_verdict(genre) is not None

    def check(self, search: Search) -> None:
        """Raises Refused, with the rule's name, where the genre asked for is hidden here."""
        rule = None if search.genre is None else self.genre_verdict(search.genre)
        if rule is None:
            return
        genre = escape(search.genre or "", _SHOWN)
        if rule.kind == "block genre":
            raise Refused(
                f"This server's filters say {in_markdown(rule)}, so I leave **{genre}** out here. "
                "Any other genre works, and so does a search without one."
            )
        named = [f"**{escape(name, _SHOWN)}**" for name in self.allowed_genres[:_GENRES_NAMED]]
        more = " and more" if len(self.allowed_genres) > _GENRES_NAMED else ""
        raise Refused(
            f"**{genre}** is not among the genres that this server's filters allow here: "
            f"only {', '.join(named) or 'none'}{more}."
        )

    def query(self, search: Search) -> Query:
        """What to ask the service, so that it leaves out what it can, and its answers come back full."""
        genres = tuple(self.allowed_genres) if search.genre is None else (search.genre,)
        return Query(search.text, genres, self._length(search.length))

    def _length(self, wanted: Span | None) -> Span | None:
        spans = [span for span, _ in self._lengths] + ([] if wanted is None else [wanted])
        if not spans:
            return None
        low = max((span.low for span in spans if span.low is not None), default=None)
        high = min((span.high for span in spans if span.high is not None), default=None)
        if low is not None and high is not None and low > high:
            return wanted  # nothing can pass: the service need not be asked in a way that it refuses
        return Span(low or None, high) if low or high is not None else None

    def _length_verdict(self, seconds: float | None) -> Rule | None:
        for span, rule in self._lengths:
            if seconds is None or seconds not in span:
                return rule
        return None

    def _of(self, kind: RuleKind) -> list[Rule]:
        return [rule for rule in self.rules if rule.kind == kind]

    def _allow_list(self) -> list[Rule]:
        rules = self._of("allow genre")
        return [rule for rule in rules if rule.channel_id] or rules


class _Phrases:
    """Rules by their words, as a tree: one look-up a word, however many rules there are."""

    _END: Final = ""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._beginnings: dict[str, Any] = {}
        for rule in rules:
            node = self._beginnings
            for word in words(rule.text):
                node = node.setdefault(word, {})
            node.setdefault(self._END, rule)
        self._has_symbols = any(not beginning[0].isalnum() for beginning in self._beginnings)

    def __bool__(self) -> bool:
        return bool(self._beginnings)

    def may_be_in(self, text: Sequence[str]) -> bool:
        """Whether a phrase begins with one of the words of `text`, or with symbols, which are not among them."""
        return self._has_symbols or not self._beginnings.keys().isdisjoint(text)

    def first_in(self, text: Sequence[str]) -> Rule | None:
        """The rule of the first phrase that stands among the words of `text`, whole and in order."""
        if not self.may_be_in(text):
            return None
        for index, word in enumerate(text):
            node = self._beginnings.get(word)
            if node is not None and (rule := self._rule_at(node, text, index + 1)) is not None:
                return rule
        return None

    def _rule_at(self, node: dict[str, Any], text: Sequence[str], index: int) -> Rule | None:
        while self._END not in node:
            if index == len(text) or text[index] not in node:
                return None
            node = node[text[index]]
            index += 1
        rule: Rule = node[self._END]
        return rule
