"""Metrics, logs and health signals; nothing in here names a member, a server or a search.

- `interactions`: one InteractionRecord for each command, button press and autocomplete. The command tree and
  the components call `track_interaction`; the end of the task writes the log line and counts the interaction.
- `metrics`: every Prometheus metric, and the status of AudioScape that `/about` shows.
- `logs` and `redaction`: the log's formats, and the filter that keeps secrets out of them.
- `gateway`: the state of each shard's connection to Discord.
"""
