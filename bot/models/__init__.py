"""Data types of every other package: searches, ranges, rates, filter rules, shortlists, the requester."""
