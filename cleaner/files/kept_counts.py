"""Folders in which the counts of sites are kept: a file of sketches for each site, and an index.

``FOLDER/<site>.jsonl`` holds the sketches of the site's articles (``sites.sample``), sorted; the index, ``sites.json``,
what each file is known by. The same articles give the same bytes, however they were counted and merged.
"""

from __future__ import annotations

import json
import os
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from cleaner.errors import CountsFault
from cleaner.files import disk
from cleaner.sites.counts import Counts, count
from cleaner.sites.records import sketch_from, sketch_record
from cleaner.sites.sample import Sketch, smallest

INDEX = "sites.json"
FORMAT, VERSION = "cleaner-repeats", 2
"""The name of the format, and its version, which rises when a reader of the old one would go wrong."""
READY = 32
"""Sites whose counts are held in memory."""


def name_of(site: str) -> str:
    """The file of a site.

    >>> name_of("example.org"), name_of("a/b")
    ('example.org.jsonl', 'a%2Fb.jsonl')
    """
    return f"{quote(site, safe='')}.jsonl"


def index(folder: str) -> dict[str, dict[str, Any]]:
    """The sites of a folder, each with the number of its ``articles`` and its ``digest``. Raises ``CountsFault``."""
    path = os.path.join(folder, INDEX)
    try:
        record = json.loads(disk.read(path))
        _check(record, path)
        return {str(site): dict(entry) for site, entry in sorted(record["sites"].items())}
    except (FileNotFoundError, NotADirectoryError):
        raise CountsFault(f"{folder}: no counts in this folder; `cleaner sites count` makes them") from None
    except OSError as error:
        raise CountsFault(f"{path}: {disk.why(error)[1]}") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise CountsFault(f"{path}: not an index of counts ({error}); count again") from None


def read(folder: str, site: str) -> tuple[Sketch, ...]:
    """The sketches of a site, none if it isn't there. Raises ``CountsFault``."""
    path = os.path.join(folder, name_of(site))
    try:
        lines = disk.read(path).decode().splitlines()
        _check(json.loads(lines[0]), path)
        return tuple(sketch_from(json.loads(line)) for line in lines[1:])
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise CountsFault(f"{path}: {disk.why(error)[1]}") from None
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise CountsFault(f"{path}: not the counts of a site ({error}); count again") from None


def _check(record: Mapping[str, Any], path: str) -> None:
    if (record["format"], record["version"]) != (FORMAT, VERSION):
        raise CountsFault(f"{path}: written in a format that this version does not know; count again")


def write(folder: str, site: str, sketches: Iterable[Sketch]) -> dict[str, Any]:
    """Write the sample of a site; its entry in the index. Raises ``OSError``."""
    sample = smallest(sketches)
    records = [{"format": FORMAT, "version": VERSION, "site": site}, *map(sketch_record, sample)]
    data = "".join(json.dumps(record, ensure_ascii=True) + "\n" for record in records).encode()
    disk.write(os.path.join(folder, name_of(site)), data)
    return {"articles": len(sample), "digest": sha256(data).hexdigest()}


_LEFT = re.compile(re.escape(disk.TEMPORARY) + r"\d+-\d+")


def write_index(folder: str, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the index, which makes a folder one of counts; what a killed program has left beside it goes.

    Raises ``OSError``.
    """
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            if _LEFT.fullmatch(name):
                disk.delete(os.path.join(folder, name))
    record = {"format": FORMAT, "version": VERSION, "sites": dict(sorted(entries.items()))}
    disk.write(os.path.join(folder, INDEX), (json.dumps(record, indent=1) + "\n").encode())


def merge(folders: Iterable[str], out: str) -> int:
    """Merge folders of counts into ``out``, which may be one of them; how many sites there are then.

    The order of the folders makes no difference, nor does it what was merged before. Raises ``CountsFault``.
    """
    folders = list(folders)
    sites: dict[str, list[str]] = {}
    for folder in folders:
        for site in index(folder):
            sites.setdefault(site, []).append(folder)
    entries = {}
    for site, places in sorted(sites.items()):
        entries[site] = write(out, site, [sketch for folder in places for sketch in read(folder, site)])
    write_index(out, entries)
    return len(entries)


class KeptCounts:
    """The counts of a folder, counted site by site when they are asked for. Picklable. Raises ``CountsFault``."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._sites = index(folder)
        self._ready: OrderedDict[str, Counts] = OrderedDict()

    def __reduce__(self) -> tuple[object, ...]:
        return KeptCounts, (self.folder,)

    def digest(self) -> str:
        """What all counts together are known by."""
        return sha256(json.dumps(self._sites, sort_keys=True).encode()).hexdigest()

    def of_site(self, site: str) -> Counts | None:
        """What is known of a site."""
        if site not in self._sites:
            return None
        if site in self._ready:
            self._ready.move_to_end(site)
        else:
            self._ready[site] = count(site, read(self.folder, site))
            if len(self._ready) > READY:
                self._ready.popitem(last=False)
        return self._ready[site]
