"""Text to lossless tree: the lexer made from a grammar's terminals, ready-made tables, and the tree builders."""
