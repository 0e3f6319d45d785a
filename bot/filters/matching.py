"""Which tracks the rules of one channel let through; at the same cost for 3 rules and for 500. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.errors import Refused
from bot.filters.parsing import in_markdown, span_of
from bot.models.ranges import Span
from bot.models.rules import Rule, RuleKind
from bot.models.search import Query, Search, Track
from bot.text import escape, genre_key, words, words_of_all

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
        return [rule.text for rule in self._allowed if not self.hides_genre(rule.text)]

    def hiding_rule(self, track: Track) -> Rule | None:
        """The rule that hides `track`; None where it may be shown."""
        rule = self.hiding_genre_rule(track.genre) or self._length_verdict(track.duration)
        if rule is not None or not (self._artists or self._words):
            return rule
        text = words_of_all(filter(None, (track.name, track.artist, track.album)))
        if track.artist and self._artists.may_be_in(text):
            rule = self._artists.first_in(words(track.artist))
        return rule or self._words.first_in(text)

    def hiding_genre_rule(self, genre: str | None) -> Rule | None:
        """The rule that hides every track of `genre`; under an allow-list that is any genre not on it."""
        key = genre_key(genre or "")
        if self._allowed and key not in self._allowed_genres:
            return self._not_allowed
        return self._blocked_genres.get(key)

    def hides_genre(self, genre: str) -> bool:
        return self.hiding_genre_rule(genre) is not None

    def require_visible(self, search: Search) -> None:
        """Raises Refused, with the rule's name, where all that `search` may find is hidden here."""
        if search.genre is not None:
            self._check_genre(search.genre)
        elif self._allowed and not self.allowed_genres:
            raise Refused("This server's filters block every genre that they allow here, so nothing is left.")
        if self._lengths and not self._can_be_met(search.length):
            named = " and ".join(in_markdown(rule) for _, rule in self._lengths)
            raise Refused(f"This server's filters say {named}: no track of that length can be shown here.")

    def _check_genre(self, wanted: str) -> None:
        rule = self.hiding_genre_rule(wanted)
        if rule is None:
            return
        genre = escape(wanted, _SHOWN)
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

    def hides_artist(self, name: str) -> bool:
        """Whether a rule names this artist, so that they should not be spoken of either."""
        found = words(name)
        return (self._artists.first_in(found) or self._words.first_in(found)) is not None

    def query_for(self, search: Search) -> Query:
        """What to ask the service, so that it leaves out what it can, and its answers come back full."""
        genres = tuple(self.allowed_genres) if search.genre is None else (search.genre,)
        return Query(search.text, genres, self._length(search.length))

    def _length(self, wanted: Span | None) -> Span | None:
        low, high = self._edges(wanted)
        return None if low is None and high is None else Span(low, high)

    def _can_be_met(self, wanted: Span | None) -> bool:
        low, high = self._edges(wanted)
        return low is None or high is None or low <= high

    def _edges(self, wanted: Span | None) -> tuple[float | None, float | None]:
        spans = [span for span, _ in self._lengths] + ([] if wanted is None else [wanted])
        low = max((span.low for span in spans if span.low), default=None)
        return low, min((span.high for span in spans if span.high is not None), default=None)

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
    """Rules by their words: as many look-ups as a text has words, however many rules there are."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[str, Rule] = {}
        self._lengths: dict[str, set[int]] = {}
        for rule in rules:
            phrase = words(rule.text)
            self._rules.setdefault(" ".join(phrase), rule)
            self._lengths.setdefault(phrase[0], set()).add(len(phrase))
        self._has_symbols = any(not beginning[0].isalnum() for beginning in self._lengths)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def may_be_in(self, text: Sequence[str]) -> bool:
        """Whether a phrase begins with a word of `text`, or with symbols, which are not among them."""
        return self._has_symbols or not self._lengths.keys().isdisjoint(text)

    def first_in(self, text: Sequence[str]) -> Rule | None:
        """The rule of the first phrase that stands among the words of `text`, whole and in order."""
        if not self.may_be_in(text):
            return None
        for index, word in enumerate(text):
            for length in self._lengths.get(word, ()):
                rule = self._rules.get(" ".join(text[index : index + length]))
                if rule is not None:
                    return rule
        return None
