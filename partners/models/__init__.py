"""What the directory knows, and the rules that the database holds."""

from .choices import Basis, Kind, NameKind, RegistryStatus, RoleGroup, Standing, State, Visibility
from .consortium import Consortium, ConsortiumText
from .contact import Contact
from .distinct import DistinctPair
from .former_slug import FormerSlug
from .institution import Institution
from .keys import Among
from .lab import Lab
from .languages import cached_texts
from .link import InstitutionParent, InstitutionSuccessor
from .log.change_log import CHANGES_AT_MOST, Changes, LogEpoch, LoggedChange, begin_epoch, changed_since, position
from .log.snapshot import position_now, read_snapshot
from .log.triggers import create_triggers, drop_triggers, missing_triggers
from .logo import Logo
from .name import InstitutionName
from .operation import Operation
from .participation import Participation
from .place import City, CityName, Country
from .registry import RegistryRecord
from .role import Role, RoleText

__all__ = [
    "CHANGES_AT_MOST",
    "Among",
    "Basis",
    "Changes",
    "City",
    "CityName",
    "Consortium",
    "ConsortiumText",
    "Contact",
    "Country",
    "DistinctPair",
    "FormerSlug",
    "Institution",
    "InstitutionName",
    "InstitutionParent",
    "InstitutionSuccessor",
    "Kind",
    "Lab",
    "LogEpoch",
    "LoggedChange",
    "Logo",
    "NameKind",
    "Operation",
    "Participation",
    "RegistryRecord",
    "RegistryStatus",
    "Role",
    "RoleGroup",
    "RoleText",
    "Standing",
    "State",
    "Visibility",
    "begin_epoch",
    "cached_texts",
    "changed_since",
    "create_triggers",
    "drop_triggers",
    "missing_triggers",
    "position",
    "position_now",
    "read_snapshot",
]
