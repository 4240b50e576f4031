"""Whether events came from one place, said so that nobody can tell from which.

An address is never written down. What is kept is 16 bits of a hash that is keyed by the shop's own log: some 65,000
addresses of IPv4 share each number, so that it names nobody, and still a hundred invented people from one connection
have one number.
"""

import ipaddress
from hashlib import blake2b

# Of what says nothing: no address, or one of a private network or of this machine, which is a proxy's as often as not.
UNKNOWN = 0
# Whoever has one address of IPv6 has all of its network's.
_NETWORK_BITS = 64


def source_of(address: str, key: bytes) -> int:
    """A number from 1 to 65,536 for where events came from, or `UNKNOWN`.

    Args:
        address: IPv4 or IPv6; anything else says nothing.
        key: Of the log.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not found.is_global:
        return UNKNOWN
    packed = found.packed if found.version == 4 else found.packed[: _NETWORK_BITS // 8]
    return 1 + int.from_bytes(blake2b(packed, digest_size=2, key=key).digest(), "big")
