"""The modules that are modelled, a file each: ``FUNCTIONS`` maps a function's name to what it does."""
