"""Searches: the finder, the result cache, and the pages that members see."""
