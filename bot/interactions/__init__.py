"""The parts that every command, button, menu and modal shares.

A command enters through `command_tree`, a press or a modal through `components`; both begin its record in
telemetry. They find the service for it by its class (`client`). The service takes the member, the guild and
the channel from `context`, sends a Reply (`responses`), and raises a BotError if it can't. `error_replies`
turns every error into one reply.

`autocomplete` and `embeds` hold what the packages above share. `command_sync` compares our commands with
those that Discord has registered. `discord_patches` is the one module that touches private parts of
discord.py.
"""
