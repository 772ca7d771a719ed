"""Programs to read and to run from a checkout; they are not installed."""
