"""Budgets of API requests: the rate limiter, the circuit breaker, and the attempts at one request.

Before a request, `RequestAttempts` asks `CircuitBreaker` whether the service takes requests, and pays for it
with `RateLimiter`. After it, the breaker learns the outcome, and the payment of a failed one is refunded.
"""
