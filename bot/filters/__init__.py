"""The filter engine: it decides which tracks a channel may show, and knows nothing of Discord.

- parsing: reads the rules that moderators type.
- matching: `Filters`, the rules of one channel, which finds the rule that hides a track.
- cache: `FilterCache`, the `Filters` of each channel, checked against the version in the database.
- wording: sentences that say what a rule does.

A request: a command or button takes its channel's `Filters` from `FilterCache`. `require_visible` refuses a
search that can find nothing here, `query_for` tells AudioScape what to leave out, and `hiding_rule` is asked
about every track of every answer, because AudioScape's filters are not relied on.
"""
