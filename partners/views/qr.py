"""The address of a page as a code for the camera of a phone, for paper."""

from http import HTTPStatus
from io import BytesIO

import segno
from django.http import HttpResponse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from .files import origin
from .public import public

LONGEST = 1_200  # characters of an address; a code of more has modules that no phone tells apart on paper


@public("of")
def qr_code(request):
    """Send the QR code of a page of this site, by its path and query in `of`, as SVG; 400 for what is none."""
    path = request.GET.get("of", "")
    # Not build_absolute_uri(): it parses the path, and without its tab `/\t/other.example` is another site.
    address = origin(request) + iri_to_uri(path)
    if not path.startswith("/") or path.startswith(("//", "/\\")) or len(address) > LONGEST:
        return HttpResponse(_("No page of this site."), status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    svg = BytesIO()
    code = segno.make_qr(address, error="l")
    code.save(svg, kind="svg", border=2, xmldecl=False, omitsize=True, light="#fff", svgclass=None, lineclass=None)
    return HttpResponse(svg.getvalue(), content_type="image/svg+xml")
