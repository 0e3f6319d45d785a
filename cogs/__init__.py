"""What people can type: one file a feature, loaded by name."""
