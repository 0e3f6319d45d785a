"""Data types of every other package: searches, ranges, rates, filter rules, shortlists, the requester.

They hold no SQL, no HTTP and no Discord, and import only `bot.errors` and `bot.text`.
"""
