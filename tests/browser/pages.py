"""The pages that every judge in this folder looks at, over the data of the seed consortium."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page: its address, the status it answers with, whether an editor must have signed in to see it."""

    address: str
    status: int = 200
    for_editors: bool = False

    def __str__(self) -> str:
        return self.address


PAGES = (
    Page("/"),
    Page("/institutions/"),
    Page("/institutions/?country=KZ"),
    Page("/institutions/?country=ZZ", status=400),
    Page("/institutions/kazan-federal-university/"),
    Page("/institutions/kazan-federal-university/labs/biomedical-technologies/"),
    Page("/labs/"),
    Page("/countries/"),
    Page("/countries/KZ/"),
    Page("/roles/"),
    Page("/roles/vector/"),
    Page("/about/"),
    Page("/no-such-page/", status=404),
    Page("/admin/login/"),
    Page("/admin/", for_editors=True),
    Page("/admin/partners/institution/", for_editors=True),
    Page("/admin/partners/institution/add/", for_editors=True),
    Page("/admin/partners/institution/1/change/", for_editors=True),
)
