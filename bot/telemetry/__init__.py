"""Metrics, one record for each interaction, logs without secrets, and the state of the gateway."""
