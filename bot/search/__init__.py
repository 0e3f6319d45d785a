"""Searches: the finder, the result cache, and the pages that members see.

`SearchService` (service) stores a search and answers with its page: `Finder` (finder) builds it, with the
state in `PageLookup` and the tracks in `PageBuilder`. Each window comes from `ResultCache` or, through
`SingleFlight`, from AudioScape. `headline` and `embeds` render the page; `components` are its buttons,
which call `SearchActions` (actions), and `position` stores how far a search was shown. `similar` makes a
search from a track.
"""
