"""Linter and fixer for Asterisk and Kamailio configuration."""

__version__ = "0.1.0"
