"""Needledrop, a Discord bot that finds music: one package for each subject, importing from lower layers only.

From the ground up: errors, text and clock; models, telemetry and i18n; config, database, audioscape and
interactions; budgets and filters; search; moderation and shortlists; privacy; the Bot itself (bot/bot.py);
operations and demo; and the command line (bot/__main__.py). The commands are in cogs/, loaded by name.
"""

from typing import Final

__version__: Final = "0.1.0"
