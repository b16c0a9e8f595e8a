"""The tracker's pages, a module for each noun.

A view finds what its user may see, calls one verb of the model, and leaves it to
`tracker/triggers.py` whom to notify.
"""
