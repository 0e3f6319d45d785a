"""What moderators let their server see: rules, what they hide, and where they are changed."""
