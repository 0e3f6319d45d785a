"""What is kept of members and servers, for how long, and how it is deleted."""
