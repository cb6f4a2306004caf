"""What the directory knows, and the rules that the database holds."""

from .choices import Basis, Kind, NameKind, RegistryStatus, RoleGroup, Standing, State, Visibility
from .consortium import Consortium
from .contact import Contact
from .institution import FormerSlug, Institution, InstitutionName
from .lab import Lab
from .participation import Participation
from .place import City, CityName, Country
from .role import Role
from .snapshot import read_snapshot

__all__ = [
    "Basis",
    "City",
    "CityName",
    "Consortium",
    "Contact",
    "Country",
    "FormerSlug",
    "Institution",
    "InstitutionName",
    "Kind",
    "Lab",
    "NameKind",
    "Participation",
    "RegistryStatus",
    "Role",
    "RoleGroup",
    "Standing",
    "State",
    "Visibility",
    "read_snapshot",
]
