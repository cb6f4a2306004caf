"""Every public address of a directory where `home` in KZ has a lab `lab`, and there are `other` and the role `vector`.

`tests/project/test_drafts.py` looks that none is missing.
"""

import io
import zipfile

ADDRESSES = [
    *("/", "/institutions/", "/institutions/?q=unseen", "/institutions/?q=hidden", "/labs/", "/institutions/home/"),
    *("/institutions/home/labs/lab/", "/countries/", "/countries/KZ/", "/roles/", "/roles/vector/", "/coverage/"),
    *("/pipeline/", "/map/", "/map/labs/", "/charts/", "/compare/?i=home&i=other", "/changes/", "/about/"),
    *("/changes/?since=2020-01-01", "/suggest/?q=unseen", "/print/institutions/", "/print/labs/", "/about/api/"),
    *("/institutions.csv", "/institutions.xlsx", "/institutions.json", "/labs.csv", "/labs.xlsx", "/labs.json"),
    *("/coverage.json", "/pipeline.ics", "/compare.json?i=home&i=other", "/qr.svg?of=/institutions/home/"),
    *("/changes.atom", "/changes.csv", "/changes.json", "/institutions.atom", "/institutions.atom?role=vector"),
    *("/institutions.atom?q=unseen", "/dump.zip", "/institutions/home.json", "/institutions/home.jsonld"),
    *("/institutions/home/labs/lab.json", "/institutions/home/labs/lab.jsonld"),
    *("/api/v1/institutions?facets=1", "/api/v1/institutions?q=unseen", "/api/v1/institutions/home", "/api/v1/labs"),
    *("/api/v1/institutions/home/labs/lab", "/api/v1/labs/lab", "/api/v1/roles", "/api/v1/countries"),
    *("/api/v1/cities", "/api/v1/coverage", "/api/v1/changes?since=2020-01-01", "/api/v1/openapi.json"),
    *("/api/", "/api/v1/nothing", "/robots.txt", "/opensearch.xml", "/site.webmanifest"),
    *("/sitemap.xml", "/sitemap-pages-1.xml", "/sitemap-institutions-1.xml"),
    *("/sitemap-labs-1.xml?partner=partner&partner=registry", "/embed/board/", "/embed/map/", "/embed/list/?q=unseen"),
]


def words_of(answer):
    """Return all that an answer says, its headers too; archives and workbooks unpacked."""
    body = answer.getvalue()
    if body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        body = b"\n".join([name.encode() + b"\n" + archive.read(name) for name in archive.namelist()])
    return body.decode() + str(answer.headers)
