"""Shortlists: a team collects candidates for a scene, votes, decides, and takes the ids into its game."""
