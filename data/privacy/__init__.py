"""Private data that people type into a search box by mistake: mined, suggested and kept never, however often typed."""

from data.privacy.kinds import PrivateKind, is_private, private_kind

__all__ = ["PrivateKind", "is_private", "private_kind"]
