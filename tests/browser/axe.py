"""axe-core: the judge of accessibility."""

import itertools

from axe_playwright_python.base import AXE_SCRIPT

WIDTHS = (390, 1280)  # CSS pixels
SCHEMES = ("light", "dark")

# By night a page is the same but for its colours. The tag brings a rule of level AAA along, which is else left out.
RULES = {"light": {}, "dark": {"runOnly": ["cat.color"], "rules": {"color-contrast-enhanced": {"enabled": False}}}}
RUN = """async options => (await axe.run(document, {...options, resultTypes: ["violations"]})).violations
    .flatMap(({id, nodes}) => nodes.map(({html}) => [id, html]))"""


def violations(tab) -> list[tuple[int, str, str, str]]:
    """Return what axe finds in a tab at each width and in each colour scheme: (width, scheme, rule, element)."""
    found = []
    tab.evaluate(AXE_SCRIPT)
    for width, scheme in itertools.product(WIDTHS, SCHEMES):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=scheme)
        # Colours that are on their way from one scheme to the other are judged where they arrive.
        tab.evaluate("document.getAnimations().forEach(animation => animation.finish())")
        found += [(width, scheme, *violation) for violation in tab.evaluate(RUN, RULES[scheme])]
    return found
