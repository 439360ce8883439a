"""Kamailio's language: lexer, parser with repairs, nodes, pseudo-variables."""
