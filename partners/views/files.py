"""What every file of the directory has: a format that the address names, and words on where it comes from."""

from uuid import NAMESPACE_URL

from django.urls import register_converter
from django.urls.converters import StringConverter
from django.utils import timezone
from django.utils.translation import gettext as _

from ..exports import FORMATS, About
from ..index.cached import cached_for_shared_rows
from ..models import Consortium


class FormatName(StringConverter):
    """The end of a file's address; others lead nowhere."""

    regex = "|".join(FORMATS)


register_converter(FormatName, "format")


def about(request, sentence, address, found=None):
    """Return where a file comes from: its filter in words, the page that shows the same, the licence.

    :param found: what a text finds, which says how it was read.
    """
    return About(
        filter=sentence,
        url=request.build_absolute_uri(address),
        licence=consortium().licence,
        generated=timezone.now(),
        match=found.match if found else "",
        read_as=found.read_as if found else "",
        left_out=found.left_out if found else (),
        unknown=found.unknown if found else (),
    )


@cached_for_shared_rows
def consortium():
    """Return the consortium as the active language reads it, or one with nothing but a name before there is one."""
    if row := Consortium.objects.first():
        return row.as_read()
    name = _("Partner directory")
    return Consortium(name=name, short_name=name, seed=NAMESPACE_URL)


def origin(request):
    """Return the site's scheme and host, which stand before every address in a file."""
    return request.build_absolute_uri("/").rstrip("/")
