"""Makes a component of a rule: `python -m reddalert_sdk.build rule.py -o rule.wasm`. It needs componentize-py in the same environment."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ENTRY = "reddalert_entry"
"""The module that the component starts with."""

ENTRY_SOURCE = """\
import {module}
from reddalert_sdk.component import lifecycle

Lifecycle = lifecycle({module})
"""


def main() -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m reddalert_sdk.build", description="Makes a component of a rule.")
    parser.add_argument("rule", type=Path, help="the Python file that defines the rule")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the component goes")
    parser.add_argument("--network", action="store_true", help="the rule asks the web or probes ports (world `network-rule`)")
    parser.add_argument("--wit", type=Path, help="the directory of the contract [default: `wit` beside the SDK]")
    options = parser.parse_args()
    try:
        build(options.rule, options.output, network=options.network, contract=options.wit or find_contract())
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    return 0


class BuildError(Exception):
    """Why there is no component."""


def build(rule: Path, output: Path, *, network: bool, contract: Path) -> None:
    """Writes the component of a rule. Modules beside the rule's file can be imported by it. Raises `BuildError`."""
    if rule.suffix != ".py" or not rule.stem.isidentifier():
        raise BuildError(f"{rule} is to be a Python file whose name is a name in Python, such as my_rule.py")
    if not rule.is_file():
        raise BuildError(f"{rule} does not exist")
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / f"{ENTRY}.py").write_text(ENTRY_SOURCE.format(module=rule.stem), encoding="utf-8")
        component = Path(place) / "component.wasm"
        command = [find_tool(), "-q", "-d", str(contract), "-w", "network-rule" if network else "rule"]
        # Without --stub-wasi the component would import sockets, which no rule gets.
        command += ["componentize", ENTRY, "--stub-wasi", "-o", str(component)]
        for directory in (place, rule.parent, Path(__file__).parent.parent):
            command += ["-p", str(directory)]
        # It writes a .pyc file beside each module otherwise, and later builds might take an old one.
        if subprocess.run(command, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}).returncode != 0:
            raise BuildError("componentize-py failed; what it said is above")
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(component, output)


def find_tool() -> str:
    """componentize-py of this environment, else of the search path. Raises `BuildError`."""
    tool = shutil.which("componentize-py", path=str(Path(sys.executable).parent)) or shutil.which("componentize-py")
    if tool is None:
        raise BuildError("componentize-py is missing; `requirements.txt` of the SDK says which one: pip install -r requirements.txt")
    return tool


def find_contract() -> Path:
    """The nearest `wit` above the SDK that holds the contract. Raises `BuildError`."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "wit" / "world.wit").is_file():
            return parent / "wit"
    raise BuildError("there is no `wit` directory beside the SDK: name the directory of the contract with --wit")


if __name__ == "__main__":
    sys.exit(main())
