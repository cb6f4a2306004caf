"""Imports from outside, each all or nothing: read the file, match its rows, merge them with the directory, write."""
