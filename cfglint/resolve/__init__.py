"""Includes, templates and the preprocessor: which text is live, and where each value came from."""
