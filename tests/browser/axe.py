"""axe-core: the judge of accessibility."""

import itertools

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (390, 1280)  # CSS pixels
SCHEMES = ("light", "dark")


def violations(tab) -> list[tuple[int, str, str, str]]:
    """Return what axe finds in a tab at each width and in each colour scheme: (width, scheme, rule, element)."""
    found = []
    for width, scheme in itertools.product(WIDTHS, SCHEMES):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=scheme)
        # Colours that are on their way from one scheme to the other are judged where they arrive.
        tab.evaluate("document.getAnimations().forEach(animation => animation.finish())")
        found += [
            (width, scheme, violation["id"], node["html"])
            for violation in Axe().run(tab).response["violations"]
            for node in violation["nodes"]
        ]
    return found
