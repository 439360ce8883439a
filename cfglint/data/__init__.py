"""What a server reads beside its configuration: tables of databases, text files that stand in for tables, lists."""
