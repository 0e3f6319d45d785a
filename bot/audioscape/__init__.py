"""AudioScape's search API: the HTTP client, and the decoder of its responses."""
