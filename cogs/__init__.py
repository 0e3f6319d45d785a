"""Cogs: the slash commands, one file a feature. They are loaded by name."""
