"""The moderators' screens: filter rules shown, changed, tried out, exported and imported."""
