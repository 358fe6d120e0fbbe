#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Apply changes to a copy of a kernel's /sys/firmware/efi and /sys/firmware/memmap.

A change is one line:

    code.virt_addr += 0x1000            change a field of each selected entry; also =, -=, |=, ^=
    code.virt_addr = data.virt_addr     copy the field of the first entry selected by "data"
    drop data                           remove the selected entries
    add type=6 phys_addr=0x1000 virt_addr=... num_pages=1 attribute=0x8...f
    copy code 400                       add 400 copies
    rename code 01                      rename the directory of the entry
    unlink code.phys_addr               remove a file of the entry
    text code.type junk                 set the content of a file of the entry
    file efi/config_table = 0x0         set the content of a file; \\n ends a line; without a text,
                                        the file is empty
    edit efi/systab SMBIOS=0x SMBIOS=0xf      replace text in a file
    remove efi/fw_vendor                remove a file or a directory
    memmap code = System RAM            set the label of the entry's memory in memmap; "= -" removes
                                        this memory from memmap
    memmap-add 0x1000 0x1fff Reserved   add a range
    memmap-set 0x1000 0x1fff Reserved   add a range, and cut other ranges that overlap it
    fill 6554                           add unused entries, so that there are 6554 entries
    memmap-text 4 end -                 set the content of a file of a range; "-" removes the file
    pointer efi/fw_vendor virtual       convert a pointer to a virtual address; "+ 0x1000" adds
    table SMBIOS virtual                convert the address in a line of systab

Selectors are code, data, mmio, boot, runtime (types 5 and 6), all, and new (entries from "add" and
"copy"). "data#0" is the first entry that "data" selects. "own.FIELD" is a field of the changed
entry.
"""
import functools
import io
import re
import tarfile

FIELDS = ("type", "phys_addr", "virt_addr", "num_pages", "attribute")
TYPES = {"code": (5,), "data": (6,), "mmio": (11,), "boot": (3, 4), "runtime": (5, 6)}
LIMIT = 1 << 64


@functools.lru_cache(maxsize=None)
def read_capture(capture):
    """Return the files of a capture below sys/firmware as a dictionary. The caller must not change
    the dictionary, because it is cached."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(capture)) as tar:
        for member in tar:
            m = re.fullmatch(r"(?:\./)?sys/firmware/((?:efi|memmap)/.*)", member.name)
            if m and member.isfile():
                found[m.group(1)] = tar.extractfile(member).read().decode()
    return found


class Tree:
    def __init__(self, capture):
        self.files, numbered = {}, {}
        for path, text in read_capture(capture).items():
            place = re.fullmatch(r"(efi/runtime-map|memmap)/(\d+)/(\w+)", path)
            if place:
                kind, index, name = place.groups()
                numbered.setdefault((kind, int(index)), {})[name] = text
            else:
                self.files[path] = text
        self.entries, self.ranges = [], []
        for (kind, index), values in sorted(numbered.items()):
            if kind == "memmap":
                self.ranges.append([int(values["start"], 16), int(values["end"], 16),
                                    values["type"].strip()])
            else:
                entry = {f: int(values[f], 16) for f in FIELDS}
                self.entries.append({**entry, "name": str(index), "new": False,
                                     "gone": set(), "text": {}})
        self.dirs_gone = set()
        self.range_texts = {}
        self.fill = 0

    def select(self, word):
        m = re.fullmatch(r"([a-z]+)(?:#(\d+))?", word)
        if not m:
            raise ValueError(f"invalid selector: {word}")
        kind, number = m.groups()
        found = [e for e in self.entries if self.is_kind(e, kind)]
        if number is not None:
            found = found[int(number):int(number) + 1]
        if not found:
            raise ValueError(f"no entry matches the selector {word}")
        return found

    def is_kind(self, entry, kind):
        if kind == "all":
            return True
        if kind == "new":
            return entry["new"]
        return entry["type"] in TYPES[kind]

    def value(self, text):
        """Return the sum of numbers and terms SELECTOR.FIELD. Such a term is a field of the first
        selected entry."""
        total = 0
        for sign, term in re.findall(r"([+-]?)\s*([\w.#]+)", text):
            if re.fullmatch(r"0x[0-9a-fA-F]+|\d+", term):
                number = int(term, 0)
            else:
                which, field = term.rsplit(".", 1)
                number = self.select(which)[0][field]
            total += -number if sign == "-" else number
        return total

    def change(self, line):
        word, _, rest = line.partition(" ")
        action = getattr(self, "do_" + word.replace("-", "_"), None)
        if action:
            action(rest)
        else:
            self.assign(line)

    def assign(self, line):
        m = re.fullmatch(r"([\w#]+)\.(\w+) ([-+|^]?)= (.*)", line)
        if not m or m.group(2) not in FIELDS:
            raise ValueError(f"not a change: {line}")
        which, field, how, text = m.groups()
        for entry in self.select(which):
            own = re.sub(r"\bown\.(\w+)", lambda f, e=entry: str(e[f.group(1)]), text)
            new, old = self.value(own), entry[field]
            entry[field] = {"": new, "+": old + new, "-": old - new, "|": old | new,
                            "^": old ^ new}[how] % LIMIT

    def do_drop(self, which):
        gone = self.select(which)
        self.entries = [e for e in self.entries if not any(e is g for g in gone)]
        self.number()

    def number(self):
        for index, entry in enumerate(self.entries):
            entry["name"] = str(index)

    def do_add(self, text):
        values = dict(v.split("=") for v in text.split())
        entry = {f: self.value(values[f]) % LIMIT for f in FIELDS}
        self.entries.append({**entry, "name": str(len(self.entries)), "new": True,
                             "gone": set(), "text": {}})

    def do_copy(self, text):
        which, number = text.split()
        for entry in self.select(which):
            for _ in range(int(number)):
                self.entries.append({**entry, "name": str(len(self.entries)),
                                     "gone": set(), "text": {}, "new": True})

    def do_fill(self, text):
        """fill N: add entries with one unused page until there are N entries. faults-first creates
        their files in the guest."""
        self.fill = int(text)

    def do_rename(self, text):
        which, name = text.split()
        self.select(which)[0]["name"] = name

    def do_unlink(self, text):
        which, field = text.rsplit(".", 1)
        for entry in self.select(which):
            entry["gone"].add(field)

    def do_text(self, text):
        place, _, content = text.partition(" ")
        which, field = place.rsplit(".", 1)
        for entry in self.select(which):
            entry["text"][field] = content.replace("\\n", "\n")

    def do_file(self, text):
        path, content = re.fullmatch(r"(\S+) = ?(.*)", text).groups()
        if re.fullmatch(r"(0x|[a-z]+[.#]).*", content):
            content = f"{self.value(content) % LIMIT:#x}\\n"
        self.files[path] = content.replace("\\n", "\n")

    def do_edit(self, text):
        path, old, new = text.split(" ", 2)
        if old not in self.files[path]:
            raise ValueError(f"no '{old}' in {path}")
        self.files[path] = self.files[path].replace(old, new)

    def do_pointer(self, text):
        path, how = text.split(" ", 1)
        at = int(self.files[path], 16)
        self.files[path] = f"{self.moved(at, how):#x}\n"

    def do_table(self, text):
        name, how = text.split(" ", 1)
        self.files["efi/systab"] = re.sub(
            rf"^{name}=(0x[0-9a-f]+)$",
            lambda m: f"{name}={self.moved(int(m.group(1), 16), how):#x}",
            self.files["efi/systab"], flags=re.M)

    def moved(self, at, how):
        if how != "virtual":
            return (at + self.value(how)) % LIMIT
        for e in self.entries:
            if e["phys_addr"] <= at < e["phys_addr"] + e["num_pages"] * 4096:
                return at - e["phys_addr"] + e["virt_addr"]
        raise ValueError(f"no entry contains {at:#x}")

    def do_remove(self, path):
        kept = {p: t for p, t in self.files.items()
                if p != path and not p.startswith(path + "/")}
        if path in ("efi/runtime-map", "memmap"):
            self.dirs_gone.add(path)
        elif len(kept) == len(self.files):
            raise ValueError(f"the tree has no file {path}")
        self.files = kept

    def do_memmap(self, text):
        which, _, kind = text.partition(" = ")
        for entry in self.select(which):
            first = entry["phys_addr"]
            last = first + entry["num_pages"] * 4096 - 1
            self.carve(first, last)
            if kind != "-":
                self.ranges.append([first, last, kind])
        self.ranges.sort(key=lambda r: r[0])

    def carve(self, first, last):
        left = []
        for start, end, kind in self.ranges:
            if end < first or start > last:
                left.append([start, end, kind])
                continue
            if start < first:
                left.append([start, first - 1, kind])
            if end > last:
                left.append([last + 1, end, kind])
        self.ranges = left

    def do_memmap_add(self, text):
        first, last, kind = text.split(" ", 2)
        self.ranges.append([self.value(first), self.value(last), kind])

    def do_memmap_set(self, text):
        first, last, kind = text.split(" ", 2)
        self.carve(self.value(first), self.value(last))
        self.do_memmap_add(text)
        self.ranges.sort(key=lambda r: r[0])

    def do_memmap_text(self, text):
        index, name, content = text.split(" ", 2)
        self.range_texts[int(index), name] = content

    def all_files(self):
        files = dict(self.files)
        if "efi/runtime-map" not in self.dirs_gone:
            for e in self.entries:
                for field in FIELDS:
                    if field not in e["gone"]:
                        files[f"efi/runtime-map/{e['name']}/{field}"] = \
                            e["text"].get(field, f"{e[field]:#x}\n")
        if "memmap" not in self.dirs_gone:
            for index, (first, last, kind) in enumerate(self.ranges):
                for name, text in (("start", f"{first:#x}\n"), ("end", f"{last:#x}\n"),
                                   ("type", kind + "\n")):
                    text = self.range_texts.get((index, name), text)
                    if text != "-":
                        files[f"memmap/{index}/{name}"] = text
        return files

    def filled(self):
        """Return the files that the command fill adds."""
        files = {}
        for n in range(len(self.entries), self.fill):
            for field, value in (("type", 0), ("phys_addr", 0xd0000000 + 4096 * n),
                                 ("virt_addr", 0xfffffff010000000 + 4096 * n),
                                 ("num_pages", 1), ("attribute", 0x8000000000000001)):
                files[f"efi/runtime-map/{n}/{field}"] = f"{value:#x}\n"
        return files

    def write(self, where):
        """Write the changed directories efi and memmap below a directory."""
        for directory in ("efi", "memmap", "efi/runtime-map"):
            if directory not in self.dirs_gone:
                (where / directory).mkdir(parents=True, exist_ok=True)
        for path, text in {**self.all_files(), **self.filled()}.items():
            (where / path).parent.mkdir(parents=True, exist_ok=True)
            (where / path).write_text(text)

    def recorded(self):
        """Return the changed directories efi and memmap as files of a snapshot."""
        files = {**self.all_files(), **self.filled()}
        for directory in {"efi/runtime-map", "memmap"} - self.dirs_gone:
            below = {path.removeprefix(directory).split("/")[1] for path in files
                     if path.startswith(directory + "/")}
            files[directory] = {"list": sorted(f"{name}/" for name in below)}
        return files

    def archive(self, settings):
        """Return a tar.gz for faults-first with the changed directories and the file "settings"."""
        settings += f"fill_from={len(self.entries)}\nfill={self.fill}\n"
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
            for directory in ("efi", "memmap", "efi/runtime-map"):
                if directory in self.dirs_gone:
                    continue
                info = tarfile.TarInfo(directory)
                info.type, info.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(info)
            for path, text in {**self.all_files(), "settings": settings}.items():
                info = tarfile.TarInfo(path)
                info.size, info.mode = len(text.encode()), 0o444
                tar.addfile(info, io.BytesIO(text.encode()))
        return out.getvalue()
