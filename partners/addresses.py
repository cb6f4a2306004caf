"""Where pages and files are: what `reverse()` says, each address worked out once because a list page has thirty.

Mailboxes have addresses, too.
"""

from functools import lru_cache
from urllib.parse import quote, urlencode

from django.urls import get_script_prefix, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, override

ENTITY = "amp;"  # what is left of `&amp;` once the address is cut at `&`


def address_of(view, /, *args, language=None, **named):
    """Return the path of a view by its name in `urls.py`, in a language, else in the active one.

    :raises NoReverseMatch: when no address has this name and these arguments.
    """
    return address_in(view, args, tuple(named.items()), language or get_language(), get_script_prefix())


@lru_cache(maxsize=1000)  # addresses
def address_in(view, args, named, language, _script_prefix):
    """Return the same, from what it depends on."""
    with override(language):
        return reverse(view, args=args, kwargs=dict(named))


def without_entities(query):
    """Return the parameters of an address; a name that a mail program turned into `amp;x` is read as `x`."""
    if not any(name.startswith(ENTITY) for name in query):
        return query
    names = {}
    for name, values in query.lists():
        names.setdefault(name.replace(ENTITY, ""), []).extend(values)
    return MultiValueDict(names)


def mailto(mailbox, **headers):
    """Return the link that writes to a mailbox, with such headers as `subject`.

    Every character of the mailbox that means something in a link is encoded, as RFC 6068 (section 2) demands: `?`, `&`
    and the like are allowed before its `@`, and would begin headers of their own.
    """
    local, at, domain = mailbox.rpartition("@")
    query = f"?{urlencode(headers, safe='/', quote_via=quote)}" if headers else ""
    return f"mailto:{quote(local, safe='')}{at}{quote(domain, safe='')}{query}"
