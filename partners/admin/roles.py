"""Roles."""

from django.contrib import admin

from ..models import Role
from ..models.role import role_texts
from .base import CodedAdmin
from .filters import GapFilter
from .inlines import RoleTextInline


@admin.register(Role)
class RoleAdmin(CodedAdmin):
    list_display = ["name", "group", "position", "code"]
    list_filter = ["group", GapFilter]
    search_fields = ["name", "code", "definition"]
    vocabulary = ("code", role_texts)
    prepopulated_fields = {"code": ["name"]}
    fields = ["name", "code", "group", "position", "definition"]
    inlines = [RoleTextInline]

    def view_on_site(self, row):
        return row.get_absolute_url()
