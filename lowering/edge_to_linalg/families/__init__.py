"""Lowerings of edge operators, a module per family as in the dialect; each is imported when the pass runs."""
