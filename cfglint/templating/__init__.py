"""Templates: rendered in a process of their own, under assumptions about what nobody knows, and mapped back."""
