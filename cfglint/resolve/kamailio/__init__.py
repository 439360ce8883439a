"""Kamailio's preprocessor, between lexer and parser: directives, defines, includes, and what they leave."""
