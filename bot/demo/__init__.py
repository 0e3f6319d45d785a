"""The bot without Discord and without a key: an offline catalogue, and a simulated Discord in the browser."""
