"""Running the bot, checking its settings and services, and serving its health."""
