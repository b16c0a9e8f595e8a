"""The tracker's pages, one module per noun.

A view finds what its user may see, calls one method of the model, and leaves it to
`tracker/triggers.py` to notify.
"""
