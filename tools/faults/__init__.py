"""Faults that take long to try: a database killed under writes, and requests that nobody means well."""
