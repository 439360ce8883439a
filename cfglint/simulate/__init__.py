"""What a server, with its configuration, would answer to a request, and which line decides it."""
