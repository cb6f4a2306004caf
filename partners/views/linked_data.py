"""What pages say to programs in the words of schema.org: JSON-LD within the page, and links in its head."""

import json

from django.conf import settings
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import override

from ..addresses import address_of
from ..exports import FORMATS
from ..lists import LISTS
from ..models import Kind
from ..models.text import is_web_address
from .files import consortium, origin

CONTEXT = "https://schema.org"
TYPES = {
    Kind.UNIVERSITY: "CollegeOrUniversity",
    Kind.INSTITUTE: "ResearchOrganization",
    Kind.HOSPITAL: "Hospital",
    Kind.COMPANY: "Corporation",
    Kind.GOVERNMENT: "GovernmentOrganization",
    Kind.FOUNDATION: "NGO",
    Kind.NONPROFIT: "NGO",
    Kind.OTHER: "Organization",
}
LAB = "ResearchOrganization"
ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}  # no text can end the block


def block(data):
    """Return data as the content of a `<script type="application/ld+json">`."""
    return mark_safe(json.dumps(data, ensure_ascii=False, default=str).translate(ESCAPED))  # noqa: S308 - escaped here


def show(request, template, context, data, **signs):
    """Render a page of some data with the data in it and signposts in its head."""
    response = render(request, template, context | {"linked_data": block(data)})
    response.headers["Link"] = signposts(request, data, **signs)
    return response


def of_institution(institution, start, names, participations, labs):
    """Return an institution with its names, place, roles and labs, which are querysets. `start` is scheme and host."""
    names = [_in_language(name.value, name.language) for name in names]
    identifier = institution.ror_id and {"@type": "PropertyValue", "propertyID": "ROR", "value": institution.ror_id}
    return _organisation(institution, TYPES[institution.kind], institution.country_id, start) | _known(
        alternateName=names,
        identifier=identifier,
        sameAs=institution.ror_id,
        foundingDate=institution.founded and str(institution.founded),
        memberOf=_roles(participations, start),
        department=[_named(LAB, lab, start) for lab in labs],
    )


def of_lab(lab, start, participations):
    """Return a lab with its institution, place and roles, which are a queryset."""
    country = lab.country and lab.country.pk
    return _organisation(lab, LAB, country, start) | _known(
        alternateName=lab.native_name,
        parentOrganization=_named(TYPES[lab.institution.kind], lab.institution, start),
        memberOf=_roles(participations, start),
    )


def of_consortium(start):
    """Return the consortium."""
    ours = consortium()
    search = {
        "@type": "SearchAction",
        "target": f"{start}{address_of('partners:institution-list')}?q={{search_term_string}}",
        "query-input": "required name=search_term_string",
    }
    site = {"@type": "WebSite", "url": start + address_of("partners:home"), "potentialAction": search}
    return {"@context": CONTEXT} | _of(ours, start) | _known(description=ours.story, subjectOf=site)


def of_dataset(start):
    """Return the directory as a data set with its files."""
    ours = consortium()
    files = [
        {
            "@type": "DataDownload",
            "name": f"{listing.plural}.{name}",
            "encodingFormat": written.content_type.partition(";")[0],
            "contentUrl": start + address_of(f"partners:{listing.thing}-file", name),
        }
        for listing in LISTS
        for name, written in FORMATS.items()
    ]
    archive = {"@type": "DataDownload", "name": "dump.zip", "encodingFormat": "application/zip"}
    files.append(archive | {"contentUrl": start + address_of("partners:dump")})
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": start + _in_english("partners:about"),
        "name": ours.name,
        "url": start + address_of("partners:about"),
        "isAccessibleForFree": True,
        "creator": _of(ours, start),
        "distribution": files,
    } | _known(
        description=ours.story or ours.name,
        license=ours.licence_url if is_web_address(ours.licence_url) else ours.licence,
        citation=ours.citation,
    )


def signposts(request, data, *, described_by="", items=()):
    """Return the `Link` header of a page whose data is this: where it is cited, described, licensed (FAIR signposting).

    `items` are (path, content type) of files with the same content.
    """
    start, licence = origin(request), consortium().licence_url
    links = [
        (data["@id"], "cite-as", ""),
        (f"{CONTEXT}/{data['@type']}", "type", ""),
        (f"{CONTEXT}/AboutPage", "type", ""),
    ]
    if described_by:
        links.append((start + described_by, "describedby", "application/ld+json"))
    if is_web_address(licence):
        links.append((licence, "license", ""))
    links += [(start + path, "item", kind) for path, kind in items]
    return ", ".join(f'<{url}>; rel="{rel}"' + (f'; type="{kind}"' if kind else "") for url, rel, kind in links)


def _organisation(entry, kind, country, start):
    place = _known(
        addressLocality=entry.place.spoken_name if entry.place else "",
        addressCountry=country,
    )
    point = entry.point and {"@type": "GeoCoordinates", "latitude": entry.point[0], "longitude": entry.point[1]}
    return (
        {"@context": CONTEXT}
        | _named(kind, entry, start)
        | _known(
            description=entry.summary,
            address=place and {"@type": "PostalAddress", **place},
            location=point and {"@type": "Place", "geo": point},
        )
    )


def _named(kind, entry, start):
    with override(settings.LANGUAGE_CODE):  # one id in every language
        identity = start + entry.get_absolute_url()
    return {"@type": kind, "@id": identity, "name": entry.name, "url": start + entry.get_absolute_url()}


def _roles(participations, start):
    member = {"@type": "Consortium", "@id": start + _in_english("partners:home")}
    return [
        {"@type": "OrganizationRole", "roleName": str(part.role), "memberOf": member}
        | _known(startDate=part.since and part.since.isoformat(), endDate=part.until and part.until.isoformat())
        for part in participations
    ]


def _of(ours, start):
    identity = start + _in_english("partners:home")
    return {"@type": "Consortium", "@id": identity, "name": ours.name, "url": start + address_of("partners:home")}


def _in_english(view):
    return address_of(view, language=settings.LANGUAGE_CODE)


def _in_language(text, language):
    return {"@value": text, "@language": language} if language else text


def _known(**properties):
    return {name: value for name, value in properties.items() if value}
