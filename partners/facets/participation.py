"""The facets of role and state, judged on the same participation."""

from collections import defaultdict

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from .counted import FacetFilter
from .options import NONE

ANY = ""  # in postings: any role, or any state
ANY_OR_ALL = [("any", gettext_lazy("any of them")), ("all", gettext_lazy("each of them"))]


def takes_part(model, roles, states, match_all):
    """Return the condition on participations, each of which is judged by its role and its state together.

    Without states any state fits; without roles any role. The role `none` means no participation at all, so it
    never fits together with a state. `match_all` requires the condition for each role.
    """
    relation = model._meta.get_field("participations")

    def has(**participation):
        # Not `pk__in`: PostgreSQL reads keys that do not fit into its `work_mem` again for each row.
        owner = {relation.field.name: OuterRef("pk")}
        return Exists(relation.related_model._default_manager.filter(**owner, **participation))

    of_state = {"state__in": states} if states else {}
    nothing = Q(pk__in=[]) if states else ~has()
    if not roles:
        return has(**of_state) if states else Q()
    if match_all:
        condition = Q()
        for role in roles:
            condition &= nothing if role == NONE else has(role=role, **of_state)
        return condition
    condition = has(role__in=[role for role in roles if role != NONE], **of_state)
    return condition | nothing if NONE in roles else condition


def takes_part_among(postings, roles, states, match_all):
    """Return the keys that meet `takes_part`, from postings of (role, state), each of which may be `ANY`."""

    def having(asked):
        return postings.having((role, state) for role in asked for state in states or [ANY])

    if match_all and roles:
        return BitMap.intersection(*(having([role]) for role in roles))
    return having(roles or [ANY])


class ParticipationFacet(FacetFilter):
    """What the facets of role and state share: both are judged on the same participation."""

    postings_name = "role"

    def refusal(self, model):
        """Return why it cannot be counted correctly, or an empty text."""
        try:
            relation = model._meta.get_field("participations")
        except FieldDoesNotExist:
            return f"a {model.__name__} has no participations."
        return "" if relation.one_to_many else f"a participation has several of {model.__name__}."

    def others(self):
        """Leave out the whole condition on participations; the count applies its own."""
        return frozenset(["role", "state"])

    def chosen(self):
        """Return (ticked roles, ticked states, whether each role is required)."""
        data = self.parent.form.cleaned_data
        return data["role"], data["state"], data["role_match"] == "all"


class RoleFacet(ParticipationFacet):
    """The facet of roles, counted within the ticked states."""

    def filter(self, queryset, codes):
        """Keep rows with one of the roles, or with all of them, in one of the ticked states."""
        _roles, states, match_all = self.chosen()
        return queryset.filter(takes_part(queryset.model, codes, states, match_all))

    def counts(self, queryset):
        """Return {code: number of rows}; three queries, where a state is ticked one."""
        roles, states, match_all = self.chosen()
        if match_all and NONE in roles and len(roles) > 1:
            return {}
        if match_all:
            queryset = queryset.filter(takes_part(queryset.model, roles, states, match_all=True))
        # One filter, so that role and state are of one participation.
        in_state = {"participations__state__in": states} if states else {}
        taking_part = queryset.filter(participations__isnull=False, **in_state).order_by()
        rows = taking_part.values("participations__role").annotate(number=Count("pk", distinct=True))
        counts = {row["participations__role"]: row["number"] for row in rows}
        if states:
            return counts
        # Few take part: an outer join with all the others takes six times as long.
        others = queryset.count() - taking_part.aggregate(number=Count("pk", distinct=True))["number"]
        return counts | ({NONE: others} if others else {})

    def keys_in(self, index, codes):
        """Return the keys of an index that take part as ticked, or None where neither role nor state is ticked."""
        _roles, states, _match_all = self.chosen()
        return self.having(index.facets[self.postings_name], codes) if codes or states else None

    def having(self, postings, codes):
        """Return the keys that take part with the codes as ticked, in one of the ticked states."""
        _roles, states, match_all = self.chosen()
        return takes_part_among(postings, codes, states, match_all)

    def entries(self, queryset):
        """Return (pk, role, state) for each participation, and (pk, None, None) for a row without any."""
        return queryset.order_by().values_list("pk", "participations__role", "participations__state")

    def keys_by_value(self, entries):
        """Return {(role, state): pks} for the index, also with `ANY` for role or state; `none` is no role."""
        keys = defaultdict(list)
        for pk, role, state in entries:
            if role is None:
                keys[NONE, ANY].append(pk)
            else:
                keys[role, state].append(pk)
        for (role, state), pks in list(keys.items()):
            if role != NONE:
                keys[role, ANY] += pks
                keys[ANY, state] += pks
        return keys

    def texts(self):
        """Yield (value in the index, text, whether it is a name) for what finds rows with a role."""
        return (((code, ANY), text, is_name) for code, text, is_name in self.options.texts())

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        roles, states, match_all = self.chosen()
        if match_all and roles:
            keys = keys & takes_part_among(postings, roles, states, match_all)
        codes = [role for role, state in postings.keys if state == ANY and role != ANY]
        if not states:
            return {code: postings.count(keys, (code, ANY)) for code in codes}
        return {
            code: keys.intersection_cardinality(takes_part_among(postings, [code], states, match_all)) for code in codes
        }

    def occurs(self, index, code):
        """Say whether a row of an index has a role."""
        return code not in (ANY, NONE) and (code, ANY) in index.facets[self.postings_name].keys

    def url_codes(self, code, selected):
        """Return the code alone, or with the ticked ones where each of them is required."""
        if self.chosen()[2]:
            return list(dict.fromkeys([*selected, code]))
        return [code]


class StateFacet(ParticipationFacet):
    """The facet of states, counted within the ticked roles; its postings are those of the roles."""

    def keys_in(self, index, codes):
        """Return None: every key passes, because the facet of roles judges role and state together."""
        return

    def filter(self, queryset, codes):
        """Keep every row, because the facet of roles judges role and state together."""
        return queryset

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        roles, _states, match_all = self.chosen()
        if match_all and len(roles) > 1:
            return queryset.order_by().aggregate(
                **{
                    state: Count("pk", filter=takes_part(queryset.model, roles, [state], match_all))
                    for state in self.options.offered()
                }
            )
        # The same in a third of the time; one filter, so that role and state are of one participation.
        of_role = {"participations__role__in": [role for role in roles if role != NONE]} if roles else {}
        rows = queryset.filter(participations__isnull=False, **of_role).order_by().values("participations__state")
        counted = rows.annotate(number=Count("pk", distinct=True))
        return {row["participations__state"]: row["number"] for row in counted}

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        roles, _states, match_all = self.chosen()
        if not roles:
            return {state: postings.count(keys, (ANY, state)) for state in self.options.offered()}
        return {
            state: keys.intersection_cardinality(takes_part_among(postings, roles, [state], match_all))
            for state in self.options.offered()
        }
