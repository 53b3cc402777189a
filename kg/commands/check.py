"""Look for every fault and doubt in posts."""

import gc
import os
from dataclasses import dataclass, replace
from pathlib import Path

import click

from kg import __version__
from kg.commands._options import FILE, Options, format_option, gathered, shared_options, state_option
from kg.commands._printing import root_of
from kg.config import FILE_NAME, Config
from kg.diagnostics import CODES
from kg.errors import FAULTY, FINE, ConfigError
from kg.machine.terminal import data, printable
from kg.model import Diagnostic, Record
from kg.state import FINDINGS, READING, STATE, Miss
from kg.state.stamps import Stamp
from kg.text.filenames import portable
from kg.text.wording import counted


class _Findings(Record, frozen=True):
    """What the last check found, and in which files."""

    begun: int
    sources: tuple[tuple[str, Stamp], ...]
    index: Stamp
    """See `kg.pipeline.manifest.Manifest`."""
    diagnostics: list[Diagnostic]
    pages: list[tuple[str, int]]


_RANK = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class CodeFilter:
    """Which findings are reported."""

    only: str
    ignore: str

    def of(self, found: list[Diagnostic], files: frozenset[str]) -> list[Diagnostic]:
        """Those of some files, or of all if none is named.

        Raises:
            ConfigError: there is no such code.
        """
        chosen, left_out = _codes(self.only), _codes(self.ignore)
        wanted = (d for d in found if (not chosen or d.code.startswith(chosen)) and (not files or d.path in files))
        return [d for d in wanted if not left_out or not d.code.startswith(left_out)]


@dataclass(frozen=True, slots=True)
class BaselineOptions:
    """Findings that are known."""

    baseline: Path | None
    update_baseline: bool


@click.command()
@click.argument("places", metavar="[CONTENT] [FILE]...", nargs=-1, type=click.Path(path_type=Path))
@state_option
@shared_options
@format_option("text", "json", "sarif", "github")
@click.option("--only", "only", metavar="CODES", default="", help="Report only these codes: KG103,KG3.")
@click.option(
    "--ignore", "ignore", metavar="CODES", default="", help="Do not report these codes; a prefix such as KG4 is enough."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="error",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option("--fix", is_flag=True, help="Fix in place what can be fixed safely; comments and formatting are kept.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; change nothing.")
@click.option("--baseline", type=FILE, metavar="FILE", help="Known findings, which do not count.")
@click.option("--update-baseline", is_flag=True, help="Write all findings to the baseline file.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only, and no summary.")
@gathered(CodeFilter, "wanted")
@gathered(BaselineOptions, "known")
def command(
    options: Options,
    places: tuple[Path, ...],
    form: str,
    wanted: CodeFilter,
    known: BaselineOptions,
    fail_on: str,
    fix: bool,
    diff: bool,
) -> int:
    """Check the posts below CONTENT: faults, doubtful values, dead links, twins, orphans, likely misspellings.

    With FILEs, only these posts are reported, but judged among all others. CONTENT may then be left out: it is the
    folder `content` around them, or the folder with a kg.toml, else the folder here that holds them.

    Findings go to standard output, a summary by code to standard error. `kg explain CODE` says what a code means.
    """
    from kg.checks import baseline as baselines
    from kg.checks import reports

    wanted.of([], frozenset())  # codes that do not exist are refused before a build
    baseline = known.baseline
    if known.update_baseline and baseline is None:
        raise ConfigError("--update-baseline needs --baseline FILE, the file to write")
    content, files = _content_and_files(places)
    options = replace(options, content=content)
    quiet, config = options.quiet, options.configured()
    gc.disable()  # the process ends with the answer

    def look() -> tuple[list[Diagnostic], list[tuple[str, int]]]:
        found, pages = _findings(options, config)
        return wanted.of(found, files), pages

    found, wanted_pages = look()
    if fix or diff:
        _mend(content, found, config, write=fix and not diff)
        if fix and not diff:
            found, wanted_pages = look()
    root = root_of(content)
    if baseline is not None and known.update_baseline:
        count = baselines.save(baseline, found)
        click.echo(f"{baseline}: {counted(count, 'finding')} known from now on", err=True)
        return FINE
    hidden = 0
    if baseline is not None and baseline.exists():
        fresh = baselines.new(found, baselines.load(baseline))
        hidden, found = len(found) - len(fresh), fresh
    shown = [d for d in found if not quiet or d.severity == "error"]
    text = reports.write(shown, form, root=root, version=__version__, each=bool(wanted.only))
    if text:
        click.echo(text)
    if not quiet:
        _summarise(found, hidden, [] if files else wanted_pages)
    return FAULTY if any(_RANK[d.severity] <= _RANK.get(fail_on, -1) for d in found) else FINE


def _findings(options: Options, config: Config) -> tuple[list[Diagnostic], list[tuple[str, int]]]:
    """Everything that is found, and the unwritten pages that most pages name: as saved, if nothing has changed."""
    from kg import checks
    from kg.checks.posts import most_wanted
    from kg.pipeline import manifest, saved_graph
    from kg.pipeline.run import Run

    run = Run.begin(options.content, config, reuse=options.state, keep=(options.state / STATE).is_dir())
    keys = run.keys.only(*manifest.PARTS[READING])
    saved = run.state.load(FINDINGS, _Findings, keys)
    if not isinstance(saved, Miss) and manifest.same_files(saved, run):
        return saved.diagnostics, saved.pages
    sources = manifest.sources(run)
    inputs = saved_graph.inputs(run)
    if inputs is None:
        result = options.built(config)
        inputs = result.posts, result.knowledge_graph, result.diagnostics
    found = checks.run(options.content, *inputs, config, run.state, run.folder.site.elsewhere())
    pages = most_wanted(inputs[1])
    run.state.save(FINDINGS, _Findings(run.folder.begun, sources, run.history.index, found, pages), keys)
    return found, pages


def _content_and_files(places: tuple[Path, ...]) -> tuple[Path, frozenset[str]]:
    """CONTENT, and the paths of single posts in it; no paths for all posts.

    Raises:
        ConfigError: a file is not there, or does not lie in CONTENT.
    """
    folder, files = (places[0], places[1:]) if places and not places[0].is_file() else (None, places)
    for file in files:
        if not file.is_file():
            raise ConfigError(f"{file}: no such file; if CONTENT is named, it comes before all files")
    content = folder or (_around(files[0]) if files else Path("content"))
    try:
        inside = [Path(os.path.abspath(file)).relative_to(os.path.abspath(content)) for file in files]  # noqa: PTH100
    except ValueError as error:
        raise ConfigError(f"{' '.join(map(str, files))}: do not all lie in {content}; name CONTENT first") from error
    return content, frozenset(portable(path.as_posix()) for path in inside)


def _around(file: Path) -> Path:
    """The CONTENT that a file is likely to belong to."""
    above = [Path(*file.parts[:count]) for count in range(len(file.parts) - 1, -1, -1)]
    settings = next((folder for folder in above if (folder / FILE_NAME).is_file()), None)
    usual = next((folder for folder in above if folder.name == "content"), None)
    if usual is not None and settings in (None, usual, usual.parent):
        return usual
    return settings or (above[-2] if len(above) > 1 and not file.is_absolute() else above[0])


def _codes(text: str) -> tuple[str, ...]:
    """Codes, or beginnings of codes, from an option.

    Raises:
        ConfigError: there is no such code.
    """
    codes = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    for code in codes:
        if not any(known.startswith(code) for known in CODES):
            raise ConfigError(f"no code begins with {code!r}; kg explain lists them all")
    return codes


def _mend(content: Path, found: list[Diagnostic], config: Config, *, write: bool) -> None:
    from kg.checks import mending

    files = count = 0
    for path, change, faults in mending.mend(content, found, config):
        files, count = files + 1, count + faults
        if write:
            change.write()
        else:
            name = (content / path).as_posix()
            data().write(change.diff(name, name))
    verb = "fixed" if write else "could be fixed"
    click.echo(f"{counted(count, 'finding')} {verb} in {counted(files, 'file')}", err=True)


def _summarise(found: list[Diagnostic], hidden: int, wanted: list[tuple[str, int]]) -> None:
    from kg.checks import mending, reports

    if found:
        click.echo("\n" + reports.summary(found), err=True)
        if any(d.code in mending.codes() for d in found):
            click.echo("--diff shows what can be fixed safely, --fix does it; kg explain CODE says more", err=True)
    else:
        click.echo("nothing to report", err=True)
    if wanted:
        pages = ", ".join(f"{printable(name)} ({count})" for name, count in wanted)
        click.echo(f"most wanted of the pages that are not written: {pages}", err=True)
    if hidden:
        click.echo(f"{counted(hidden, 'known finding')} not shown", err=True)
