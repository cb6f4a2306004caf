"""What a page shows of an institution or a lab beside its own row."""

from ..models import InstitutionName, Lab, Participation
from ..models.keys import Instances

names_of = Instances(InstitutionName, lambda keys: InstitutionName.objects.filter(institution__among=keys))
labs_of = Instances(
    Lab, lambda keys: Lab.objects.filter(institution__among=keys).in_order("name"), "city", "city__country"
)
participations_of = {
    owner: Instances(
        Participation,
        lambda keys, owner=owner: Participation.objects.filter(**{f"{owner}__among": keys}).order_by(
            *Participation.ORDER
        ),
        "role",
    )
    for owner in ("institution", "lab")
}


def give_rows(institutions):
    """Give institutions what is of them, as `row_names`, `row_labs`, `row_participations` in their orders.

    Three queries.
    """
    by_key = {institution.pk: institution for institution in institutions}
    for institution in institutions:
        institution.row_names, institution.row_labs, institution.row_participations = [], [], []
    for name in names_of(by_key):
        by_key[name.institution_id].row_names.append(name)
    labs = {lab.pk: lab for lab in labs_of(by_key)}
    for lab in labs.values():
        lab.institution = by_key[lab.institution_id]
        lab.institution.row_labs.append(lab)
    for participation in participations_of["institution"](by_key):
        if participation.lab_id in labs:  # else it is the institution's own, or plain SQL moved the lab
            participation.lab = labs[participation.lab_id]
        by_key[participation.institution_id].row_participations.append(participation)
