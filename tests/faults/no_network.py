"""`python -m tests.faults.no_network ...`: run pytest with these arguments where there is no network but loopback."""

from __future__ import annotations

import errno
import socket
import struct
import subprocess
import sys

import pytest

ALONE = "no other host can be reached"
_SET_FLAGS, _UP = 0x8914, 0x1  # SIOCSIFFLAGS, IFF_UP
_OUTSIDE = ("192.0.2.1", 80)  # an address for documents, RFC 5737


def refusal(*options: str) -> str:
    """Return why this system makes no namespace without a network, "" if it makes one; options: of unshare."""
    try:
        probe = subprocess.run(["unshare", *options, "--net", "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "there is no command unshare"
    return probe.stderr.strip() or f"code {probe.returncode}" if probe.returncode else ""


def is_alone() -> bool:
    """Return whether this process reaches no other host."""
    with socket.socket() as outside:
        outside.settimeout(1)
        return outside.connect_ex(_OUTSIDE) == errno.ENETUNREACH


def main(arguments: list[str]) -> int:
    """Bring loopback up, make sure that nothing else answers, and run pytest."""
    import fcntl  # Windows has none

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH22x", b"lo", _UP))
    if not is_alone():
        raise SystemExit("this namespace has a network")
    print(ALONE, flush=True)
    return int(pytest.main(arguments))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
