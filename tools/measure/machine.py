"""On what it was measured."""
import os
import platform
import re
import subprocess
from pathlib import Path


def said(*command):
    """What a command says, or nothing where it is not there."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def first(pattern, text):
    found = re.search(pattern, text, re.M)
    return found.group(1).strip() if found else "unknown"


def package(name):
    return said("dpkg-query", "-W", "-f", "${Version}", name) or "not installed"


def describe():
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    features = first(r"^flags\s*:(.*)", cpu).split()
    interesting = [f for f in ("sha_ni", "avx2", "avx512f", "avx512ifma", "vaes") if f in features]
    return {
        "processor": first(r"^model name\s*:(.*)", cpu),
        "family_model": first(r"^cpu family\s*:(.*)", cpu) + "/" + first(r"^model\s*:(.*)", cpu),
        "features": " ".join(interesting),
        "virtual": "hypervisor" in features,
        "processors": os.cpu_count(),
        "memory_mib": int(first(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))) // 1024,
        "load_before": round(os.getloadavg()[0], 2),
        "kernel": platform.release(),
        "compiler": said("cc", "--version").splitlines()[0] if said("cc", "--version") else "unknown",
        "openssl": package("libssl3"),
        "libopendkim": package("libopendkim11"),
        "libspf2": package("libspf2-2"),
    }
