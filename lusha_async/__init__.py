"""lusha_async."""
