"""What one API request costs, and whether it may be made: rate limiter, circuit breaker, request attempts."""
