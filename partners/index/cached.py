"""What many pages show and a process reads once, for as long as it is true."""

from django.utils.translation import get_language

from .current import shared_since, snapshot_position


def cached_for_shared_rows(read, by=get_language):
    """Cache what a function reads from shared rows, per language or what `by` returns, until one of them changes."""
    return _cached(read, shared_since, by)


def cached_until_an_edit(read):
    """Cache what a function reads from rows that an edit of any kind may withdraw, until the next one."""
    return _cached(read, snapshot_position, lambda: None)


def _cached(read, since, by):
    """Cache what a function reads; `since` says since which position that is true. What is of another one goes."""
    cache = {}

    def cached():
        if (position := since()) is None:
            return read()
        cache_key = position, by()
        if (found := cache.get(cache_key)) is None:
            found = read()
            for outdated in [key for key in list(cache) if key[0] != position]:
                cache.pop(outdated, None)
            cache[cache_key] = found
        return found

    return cached
