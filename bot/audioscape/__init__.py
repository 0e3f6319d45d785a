"""AudioScape's search API: `client` sends requests and reads bodies, `decoding` turns bodies into windows."""
