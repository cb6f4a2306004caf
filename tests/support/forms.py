"""A form of a page as a browser would submit it."""

from html.parser import HTMLParser
from urllib.parse import urlencode


class _Form(HTMLParser):
    """The values that the form with an id submits, in the order of the page."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id = form_id
        self.action = None
        self.pairs = []
        self._is_inside = False
        self._select = self._options = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._is_inside = attrs.get("id") == self.form_id
            if self._is_inside:
                self.action = attrs["action"]
        elif tag == "select":
            self._select, self._options = attrs, []
        elif tag == "option":
            self._options.append((attrs["value"], "selected" in attrs))
        elif tag == "input":
            is_box = attrs.get("type") in ("checkbox", "radio")
            if self._belongs(attrs) and (not is_box or "checked" in attrs):
                self.pairs.append((attrs["name"], attrs.get("value") or ("on" if is_box else "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_inside = False
        elif tag == "select":
            if self._belongs(self._select):
                chosen = [value for value, is_selected in self._options if is_selected]
                self.pairs.append((self._select["name"], [*chosen, self._options[0][0]][0]))
            self._select = None

    def _belongs(self, attrs):
        if "disabled" in attrs or not attrs.get("name"):
            return False
        return attrs["form"] == self.form_id if "form" in attrs else self._is_inside


def submitted(page, form_id):
    """Return the address to which the text of a page submits a form that nobody touched."""
    form = _Form(form_id)
    form.feed(page)
    assert form.action is not None, f"no form {form_id}"
    return f"{form.action}?{urlencode(form.pairs)}"
