"""Transcripts in Markdown: what a shell prints is what the page shows.

A block of ```console holds commands after `$ ` and what they print; a command goes on in lines that begin with `>`, and
`…` stands for any text. A command that ends in ` &` goes on in the background, and its port is one of our own.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests import running

_SHELL = re.compile(r"[\n|&;<>$`*?~\\{(#]")
"""What needs a shell: pipes, variables, patterns …"""
_FENCE = re.compile(r"^(?P<fence>```|~~~)(?P<language>\w*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a page that are in one language."""
    return [match["text"] for match in _FENCE.finditer(page) if match["language"] == language]


def without_blocks(page: str) -> str:
    """The prose of a page."""
    return _FENCE.sub("", page)


def replay(page: str, folder: Path) -> tuple[str, list[str]]:
    """Type the commands of a page in a folder.

    Returns:
        The page as it should be, and the commands that print something else than it shows, with what they print.
    """
    shell, wrong, renewed = Shell(folder), [], page
    try:
        for block in blocks(page, "console"):
            lines = []
            for command, shown in steps(block):
                got = shell.run(command)
                right = same(shown, got)
                if not right:
                    wrong.append(f"$ {command}\n{got}")
                typed = "\n".join(f"> {line}".rstrip() for line in command.split("\n"))[2:]
                lines.append(f"$ {typed}\n{shown if right else _stripped(got)}".rstrip())
            renewed = renewed.replace(f"```console\n{block}```", "```console\n" + "\n".join(lines) + "\n```")
    finally:
        shell.close()
    return renewed, wrong


class Shell:
    """Runs the commands of one page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.background: list[subprocess.Popen[bytes]] = []
        self.ports: dict[str, str] = {}
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "100",
            "PYTHONUTF8": "1",
        }

    def own_ports(self, text: str) -> str:
        """Ports of our own instead of those shown: what listens there is none of our business."""
        for port in re.findall(r"(?:127\.0\.0\.1:|--port )(\d+)", text):
            if port not in self.ports:
                with socket.socket() as listener:
                    listener.bind(("127.0.0.1", 0))
                    self.ports[port] = str(listener.getsockname()[1])
            text = re.sub(rf"(127\.0\.0\.1:|--port ){port}\b", rf"\g<1>{self.ports[port]}", text)
        return text

    def run(self, command: str) -> str:
        actual = self.own_ports(command)
        if actual.rstrip().endswith("&"):
            actual = actual.rstrip().removesuffix("&")
            process = subprocess.Popen(
                ["bash", "-c", f"exec {actual}"], cwd=self.folder, env=self.environment,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            self.background.append(process)
            self.wait_for(process)
            return ""
        if actual.startswith("kg ") and not _SHELL.search(actual):
            words = shlex.split(actual)[1:]
            output = running.kg(*words, cwd=self.folder, environment=self.environment, merged=True).stdout
        else:
            output = subprocess.run(
                ["bash", "-c", actual], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
            ).stdout.decode()  # fmt: skip
        for shown, used in self.ports.items():
            output = output.replace(f"127.0.0.1:{used}", f"127.0.0.1:{shown}")
        return output

    def wait_for(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until every port that was asked for answers."""
        for port in self.ports.values():
            for _attempt in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                        break
                assert process.poll() is None, process.stdout and process.stdout.read().decode()
                time.sleep(0.1)

    def close(self) -> None:
        for process in self.background:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
            if process.stdout:
                process.stdout.close()


def same(shown: str, got: str) -> bool:
    """Whether what is shown is what came, `…` standing for anything; blanks at line ends do not count."""
    pattern = ".*".join(re.escape(part) for part in _stripped(shown).split("…"))
    return re.fullmatch(pattern, _stripped(got), re.DOTALL) is not None


def _stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def steps(block: str) -> list[tuple[str, str]]:
    """(command, what it prints); a command goes on in lines that begin with `> `."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif (line == ">" or line.startswith("> ")) and found and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        else:
            assert found, f"a console block begins with a command, not with {line!r}"
            found[-1][1].append(line)
    return [(command, "\n".join(lines)) for command, lines in found]
