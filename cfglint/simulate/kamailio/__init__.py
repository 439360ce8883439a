"""What Kamailio answers: an interpreter of the routing script, and the modules it calls."""
