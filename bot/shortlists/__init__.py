"""Shortlists: a team collects tracks for a scene, votes on them, and exports the ranking.

service      creates, opens, lists, closes, reopens, renames, exports and deletes shortlists
adding       adds tracks, from a search's menu or by id
voting       ballots: a member's vote and note on one track, and its id to copy
lookup       the shortlist of an interaction, and its tracks that the channel's filters show
ranking      those tracks in order, page by page, and the winners
export       a ranking as a file
posts        messages that show a ranking: sent, turned, and kept up to date
throttle     when a post may be edited, and when a failed edit is tried again
post_editor  one edit of a post, through an interaction or as the bot, and its outcome
embeds, components, modals    what members see, press and fill in
actions      what components and modals call, as abstract classes that the services implement

How one 👍 on a ballot, `up:SHORTLIST_ID:ASSET_ID`, becomes visible to everybody:

1. bot/bot.py: `on_interaction` hands the press to `answer_press` in bot/interactions/components.py, which
   finds BallotButton by the custom id, records the press (bot/telemetry/interactions.py) and answers errors.
2. components.py: BallotButton.respond asks bot/interactions/services.py for the service behind
   actions.BallotActions, and calls its `vote`. That service is voting.Voting.
3. lookup.py: `get` finds the shortlist in the interaction's guild (bot/database/shortlists.py), and
   `get_entry` the track (bot/database/shortlist_entries.py), unless a filter hides it (bot/filters/cache.py).
4. bot/database/shortlist_votes.py: `vote` stores the vote in one statement, if the shortlist is still open.
   Triggers of bot/database/sqlite/migrations/0004.sql count it on the track, raise the shortlist's version
   and mark its posts as outdated. If nothing was stored, the member reads why, and the steps below are
   skipped.
5. posts.py: `schedule_updates` reads the outdated posts (bot/database/shortlist_posts.py), and schedules each
   with throttle.py.
6. voting.py: `_ballot` reads the track, its notes and the vote anew; embeds.ballot_message and
   components.ballot_view draw them, and one callback replaces the ballot. The member sees the stored vote.
7. throttle.py: runs posts.ShortlistPosts._update for each post, at most once in two seconds.
8. posts.py: `_update` reads the post and its shortlist; lookup.rank_in_channel makes a ranking.Ranking of the
   tracks visible in the post's channel; embeds.ranking_message and components.ranking_view draw its page.
   If that looks as before, no edit is made.
9. post_editor.py: edits the message through the last interaction that pressed it, or as the bot.
10. posts.py: `_edit` records the outcome, and a success is stored (`mark_shown`). A post that Discord refuses
    to edit is blocked until it is pressed again (`mark_blocked`), and a deleted one is removed. A failed edit
    is tried again by `schedule_outdated`, which bot/bot.py calls once a minute and after a restart; after
    repeated failures throttle.Backoff skips more and more of these rounds.
"""
