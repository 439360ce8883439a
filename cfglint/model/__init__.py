"""Typed views of what the servers hold after loading: peers, endpoints, address lists."""
