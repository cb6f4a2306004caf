"""How forms are rendered."""

from django.forms.renderers import BaseRenderer, DjangoTemplates, Jinja2

OWN = "django/forms/"  # where Django has a template in both languages; the admin's stand elsewhere


class FormRenderer(BaseRenderer):
    """Render what Django has in Jinja2 by that: the form of an institution has 600 such pieces."""

    def __init__(self):
        self._own, self._others = Jinja2(), DjangoTemplates()

    def render(self, template_name, context, request=None):
        """Return what a template says; of no errors that is nothing, which most fields have."""
        if template_name.startswith(f"{OWN}errors/") and not context["errors"]:
            return ""
        return super().render(template_name, context, request)

    def get_template(self, template_name):
        """Return the template of a widget, a label or a list of errors."""
        return (self._own if template_name.startswith(OWN) else self._others).get_template(template_name)
