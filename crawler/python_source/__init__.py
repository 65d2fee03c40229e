"""Reads Python source as a person would run it in their head, and knows when it does not know.

It starts where the package starts, follows imports and calls through the package's own files, keeps every value that
can be known, and remembers under which condition something happened. Nothing of the package is ever run.
"""
