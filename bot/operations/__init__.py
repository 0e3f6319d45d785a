"""Running the bot: starting and stopping it, checking what it needs, and serving its health.

`python -m bot run` starts in this order (run.py), and each step is undone in reverse:

1. Patch discord.py (bot/interactions/discord_patches.py): the API's address, and what the bot can do without.
2. Open the database, migrated to the newest version, and the HTTP client of AudioScape.
3. Build the Bot, which holds every service.
4. Serve /healthz and /metrics on PORT, if it is set (health.py).
5. Log in, sync changed commands, and connect to Discord's gateway.

SIGTERM and SIGINT stop it within 5 seconds, so that no member is left without an answer:

1. Wait for the interactions under way, up to 2 seconds.
2. Cancel the requests to AudioScape that are left; their members read that the bot is being restarted.
3. Close the bot: write pending results, and leave the gateway.
4. Stop serving health, close the HTTP client, and close the database.

`check` and `sync` log in without connecting to the gateway, beside a running bot if there is one (check.py).
"""
