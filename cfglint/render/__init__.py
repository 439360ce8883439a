"""A report as text or data: a module for each format."""
