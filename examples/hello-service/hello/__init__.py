"""A small HTTP service that says hello."""
