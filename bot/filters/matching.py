"""Filters: the rules of one channel, matched against tracks, genres, artists and searches."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.errors import Refused
from bot.filters.parsing import span_of
from bot.filters.wording import bold, rule_sentence
from bot.models.ranges import Span
from bot.models.rules import Rule, RuleKind
from bot.models.search import Query, Search, Track
from bot.text import genre_key, words, words_of_all

_MAX_GENRES_NAMED: Final = 10


class Filters:
    """The rules of a server and of one channel.

    They add up, but a channel's allow-list replaces the server's. Matching takes the same time for
    3 rules and for 500.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        """`rules` are those of the whole server, and those of one channel."""
        self.rules: Sequence[Rule] = tuple(rules)
        self._allow_list = self._allow_list_in_force()
        self._allowed_keys = {genre_key(rule.text) for rule in self._allow_list}
        self._allow_list_rule = Rule("allow genre", ", ".join(rule.text for rule in self._allow_list))
        self._blocked_genres = {genre_key(rule.text): rule for rule in self._of_kind("block genre")}
        self._artists = _PhraseIndex(self._of_kind("block artist"))
        self._words = _PhraseIndex(self._of_kind("block word"))
        self._lengths = [(span_of(rule), rule) for rule in self._of_kind("length")]

    @property
    def allowed_genres(self) -> Sequence[str]:
        """Allowed and not blocked, in the moderators' spelling; empty if there is no allow-list."""
        return [rule.text for rule in self._allow_list if not self.hides_genre(rule.text)]

    def hiding_rule(self, track: Track) -> Rule | None:
        """The rule that hides `track`, or None if it may be shown."""
        rule = self.hiding_genre_rule(track.genre) or self._hiding_length_rule(track.duration)
        if rule is not None or not (self._artists or self._words):
            return rule
        text = words_of_all(filter(None, (track.name, track.artist, track.album)))
        if track.artist and self._artists.may_match(text):
            rule = self._artists.find(words(track.artist))
        return rule or self._words.find(text)

    def hiding_genre_rule(self, genre: str | None) -> Rule | None:
        """The rule that hides tracks of `genre`, or None; the rule of an allow-list names all its genres."""
        key = genre_key(genre or "")
        if self._allow_list and key not in self._allowed_keys:
            return self._allow_list_rule
        return self._blocked_genres.get(key)

    def hides_genre(self, genre: str) -> bool:
        return self.hiding_genre_rule(genre) is not None

    def hides_artist(self, name: str) -> bool:
        """True if a rule hides this artist, whose name is then left out of sentences too."""
        found = words(name)
        return (self._artists.find(found) or self._words.find(found)) is not None

    def require_visible(self, search: Search) -> None:
        """Raises Refused, and names the rule, if the rules hide everything that `search` can find."""
        if search.genre is not None:
            self._require_visible_genre(search.genre)
        elif self._allow_list and not self.allowed_genres:
            raise Refused(_NO_GENRE_LEFT)
        if not self._can_match_length(search.length):
            reply = _NO_LENGTH_MATCHES if self._can_match_length(None) else _NO_LENGTH_LEFT
            raise Refused(
                reply.format(rules="\n".join(f"- {rule_sentence(rule)}" for _, rule in self._lengths))
            )

    def _require_visible_genre(self, genre: str) -> None:
        rule = self.hiding_genre_rule(genre)
        if rule is None:
            return
        if rule.kind == "block genre":
            raise Refused(_GENRE_BLOCKED.format(rule=rule_sentence(rule)))
        allowed = self.allowed_genres
        if not allowed:
            raise Refused(_NO_GENRE_LEFT)
        reply = _GENRE_NOT_ALLOWED if len(allowed) <= _MAX_GENRES_NAMED else _GENRE_NOT_AMONG_MANY
        named = ", ".join(bold(name) for name in allowed[:_MAX_GENRES_NAMED])
        raise Refused(reply.format(genre=bold(genre), allowed=named))

    def query_for(self, search: Search) -> Query:
        """The query to AudioScape, which leaves out what it can, so that its answers hold more to show."""
        genres = tuple(self.allowed_genres) if search.genre is None else (search.genre,)
        return Query(search.text, genres, self._query_length(search.length))

    def _query_length(self, searched: Span | None) -> Span | None:
        low, high = self._length_bounds(searched)
        return None if low is None and high is None else Span(low, high)

    def _can_match_length(self, searched: Span | None) -> bool:
        low, high = self._length_bounds(searched)
        return low is None or high is None or low <= high

    def _length_bounds(self, searched: Span | None) -> tuple[float | None, float | None]:
        spans = [span for span, _ in self._lengths] + ([] if searched is None else [searched])
        low = max((span.low for span in spans if span.low), default=None)
        return low, min((span.high for span in spans if span.high is not None), default=None)

    def _hiding_length_rule(self, seconds: float | None) -> Rule | None:
        for span, rule in self._lengths:
            if seconds is None or seconds not in span:
                return rule
        return None

    def _of_kind(self, kind: RuleKind) -> list[Rule]:
        return [rule for rule in self.rules if rule.kind == kind]

    def _allow_list_in_force(self) -> list[Rule]:
        rules = self._of_kind("allow genre")
        return [rule for rule in rules if rule.channel_id] or rules


_GENRE_BLOCKED: Final = "{rule} Try another genre, or search without one."
_GENRE_NOT_ALLOWED: Final = "The genre {genre} is not allowed here. Try one that is: {allowed}."
_GENRE_NOT_AMONG_MANY: Final = (
    "The genre {genre} is not allowed here. Try one that is, or search without a genre. "
    "Some allowed genres: {allowed}."
)
_NO_GENRE_LEFT: Final = (
    "Other rules hide all the genres that this server allows here, so nothing is left to show. "
    "A moderator can change that with `/filters show`."
)
_NO_LENGTH_MATCHES: Final = (
    "No track of that length can be shown here. Try another length, or search without one.\n{rules}"
)
_NO_LENGTH_LEFT: Final = (
    "This server's filters contradict each other here, so no track can be shown. "
    "A moderator can change that with `/filters show`.\n{rules}"
)


class _PhraseIndex:
    """Rules by their words: matching takes one look-up for each word, however many rules there are."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[str, Rule] = {}
        self._word_counts: dict[str, set[int]] = {}
        """The numbers of words in the phrases, by their first word."""
        for rule in rules:
            phrase = words(rule.text)
            self._rules.setdefault(" ".join(phrase), rule)
            self._word_counts.setdefault(phrase[0], set()).add(len(phrase))
        self._has_symbols = any(not first_word[0].isalnum() for first_word in self._word_counts)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def may_match(self, text: Sequence[str]) -> bool:
        """False if no phrase begins with a word of `text`; phrases of symbols alone are not in it."""
        return self._has_symbols or not self._word_counts.keys().isdisjoint(text)

    def find(self, text: Sequence[str]) -> Rule | None:
        """The rule of the first phrase in `text`, whole and in order; None if there is none."""
        if not self.may_match(text):
            return None
        for index, word in enumerate(text):
            for count in self._word_counts.get(word, ()):
                rule = self._rules.get(" ".join(text[index : index + count]))
                if rule is not None:
                    return rule
        return None
