"""The secretary's desk: the sections of a meeting's page."""
