"""Logos: an uploaded picture is read as what it claims to be, made small, and written anew."""

import hashlib
from base64 import b64encode
from io import BytesIO

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from ..models import Logo
from ..models.logo import LARGEST
from .base import DirectoryAdmin
from .conflicts import ConflictForm

KINDS = ["PNG", "JPEG", "WEBP"]  # no SVG, which is a program
UPLOAD = 2_000_000  # bytes
SIDE = 4_000  # pixels of what is uploaded
ROOM = (480, 240)  # pixels that a page gives it, twice as fine as it is shown


class LogoForm(ConflictForm):
    """A logo, and whose it is."""

    written_too = ["upload"]
    upload = forms.FileField(
        label=gettext_lazy("picture"),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MB and 4,000 pixels a side. Everybody sees it."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    class Meta:
        model = Logo
        fields = ["institution"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "upload" in self.fields:  # who may only look has no fields
            self.fields["upload"].required = self.instance.pk is None

    def _digest(self):
        return f"{super()._digest()}-{self.instance.digest}"

    def _saved(self, name):
        if name != "upload":
            return super()._saved(name)
        return f"{capfirst(self.fields[name].label)}: {self.instance.width} × {self.instance.height}"

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        return picture_of(upload) if upload else None

    def clean_institution(self):
        institution = self.cleaned_data["institution"]
        if institution is None and Logo.objects.filter(institution=None).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("The consortium has a logo already: change that one."))
        return institution

    def save(self, commit=True):
        if picture := self.cleaned_data.get("upload"):
            self.instance.picture, (self.instance.width, self.instance.height) = picture
            self.instance.digest = hashlib.sha256(picture[0]).hexdigest()[:32]
        return super().save(commit)


def picture_of(upload):
    """Return (WebP, (width, height)) of an uploaded file.

    :raises ValidationError: for what is too large or no picture of a known kind.
    """
    if upload.size > UPLOAD:
        raise ValidationError(_("The file is larger than 2 MB."))
    try:
        with Image.open(upload, formats=KINDS) as image:  # reads the head alone
            if max(image.size) > SIDE:
                raise ValidationError(_("The picture has more than 4,000 pixels a side."))
            image.draft("RGB", ROOM)
            small = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # what Pillow says of broken files
        raise ValidationError(_("This is no PNG, JPEG or WebP picture.")) from None
    small.thumbnail(ROOM, Image.Resampling.LANCZOS)
    for options in ({"lossless": True}, {"quality": 85}, {"quality": 50}):
        webp = BytesIO()
        small.save(webp, "WEBP", method=6, **options)
        if webp.tell() <= LARGEST:
            break
    return webp.getvalue(), small.size


@admin.register(Logo)
class LogoAdmin(DirectoryAdmin):
    form = LogoForm
    list_display = ["__str__", "preview"]
    list_select_related = ["institution"]
    search_fields = ["institution__name"]
    autocomplete_fields = ["institution"]
    readonly_fields = ["preview"]
    fields = ["institution", "upload", "preview"]

    def get_queryset(self, request):
        of_draft = Case(When(institution__is_published=False, then="picture"))  # which has no address yet
        return super().get_queryset(request).defer("picture").annotate(of_draft=of_draft)

    @admin.display(description=gettext_lazy("as it is shown"))
    def preview(self, row):
        if row.pk is None:
            return "-"
        url, width, height = row.get_absolute_url(), row.width // 2, row.height // 2
        if row.of_draft:
            url = f"data:image/webp;base64,{b64encode(row.of_draft).decode()}"
        return format_html('<img src="{}" alt="" width="{}" height="{}">', url, width, height)
