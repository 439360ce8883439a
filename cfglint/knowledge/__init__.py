"""Facts about the servers, per version, as data: options, modules, functions, parameters."""
