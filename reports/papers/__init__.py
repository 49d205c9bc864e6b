"""Printed papers: each one a declaration with its data and its template. `register.py` lists them, `making.py` makes them."""
