"""What the processes of one host share: a private folder, and work of which one process at a time does each kind."""

from .busy import BusyError
from .folder import locked, private_folder, written_whole
from .lane import lane_is_free, started

__all__ = ["BusyError", "lane_is_free", "locked", "private_folder", "started", "written_whole"]
