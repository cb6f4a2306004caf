"""What the directory knows, and the rules that the database holds."""

from .choices import Basis, Kind, NameKind, RegistryStatus, RoleGroup, Standing, State, Visibility
from .consortium import Consortium
from .contact import Contact
from .institution import FormerSlug, Institution, InstitutionName
from .keys import Among
from .lab import Lab
from .participation import Participation
from .place import City, CityName, Country
from .registry import RegistryRecord
from .role import Role
from .snapshot import read_snapshot

__all__ = [
    "Among",
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
    "RegistryRecord",
    "RegistryStatus",
    "Role",
    "RoleGroup",
    "Standing",
    "State",
    "Visibility",
    "read_snapshot",
]
