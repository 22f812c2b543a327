"""Passes from one level to the next, and the importer of exported programs."""
