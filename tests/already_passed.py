"""Tests that passed in another run on the same commit, as its JUnit report says."""

import re
from pathlib import Path
from xml.etree import ElementTree


def passed(report: Path) -> set[tuple[str, str]]:
    """The names of the tests that passed: module and class with dots, test with its parameters."""
    cases = ElementTree.parse(report).iter("testcase")
    return {(case.attrib["classname"], _without_group(case.attrib["name"])) for case in cases if len(case) == 0}


def names(nodeid: str) -> tuple[str, str]:
    """How a JUnit report names a test."""
    path, *inner = nodeid.split("::")
    return ".".join([path.removesuffix(".py").replace("/", "."), *inner[:-1]]), _without_group(inner[-1])


def _without_group(name: str) -> str:
    """Leave out the group that pytest-xdist adds with --dist loadgroup."""
    return re.sub(r"@[^]]*$", "", name)
