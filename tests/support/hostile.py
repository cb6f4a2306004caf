"""What nobody means well: odd values for every parameter of every kind of page."""

ADDRESSES = ["/institutions/", "/institutions.csv", "/labs/", "/labs.xlsx", "/institutions.json", "/", "/roles/"]
ADDRESSES += ["/coverage/", "/pipeline/", "/map/", "/compare/", "/changes/", "/changes.atom", "/suggest/"]
ADDRESSES += ["/institutions.atom", "/embed/map/", "/card.png", "/api/v1/coverage", "/api/v1/changes"]
ADDRESSES += ["/api/v1/institutions", "/api/v1/labs", "/api/v1/roles", "/embed/board/", "/embed/list/", "/sitemap.xml"]
ADDRESSES += ["/opensearch.xml"]
PARAMETERS = ["q", "partner", "country", "role", "role_match", "state", "kind", "standing", "city", "verified"]
PARAMETERS += ["institution", "sort", "size", "page", "show", "i", "box", "group", "since", "until"]
PARAMETERS += ["cursor", "fields", "facets", "lang"]
PARAMETERS += ["without", "find_city", "valid_until_from", "expected_on_to", "window"]
ODD = [
    "%00",
    "%ED%A0%80",  # a lone surrogate
    "%FF%FE",
    "a%01",
    "a%EF%BF%BE",  # U+FFFE, which no XML holds
    "%E2%80%AE",  # right-to-left override
    "1e309",
    "9" * 5000,
    "-1",
    "x" * 4096,
    "' OR 1=1 --",
    "%25%5F%22%27%3B",
    "%F0%9F%98%80",
    "none",
    "",
    "[]",
    "null",
]
