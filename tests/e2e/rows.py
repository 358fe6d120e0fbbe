# SPDX-License-Identifier: GPL-2.0-or-later
"""Read tables of experiments, which have the format of src/rules/*.rules.

A row is a block with a line for each field. A block that starts with "Common: NAME" is not a row.
Its fields are added to each row whose field "With" contains NAME.
"""
import dataclasses
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
import rules  # noqa: E402 pylint: disable=wrong-import-position


def value(block, key, default):
    if isinstance(default, bool):
        return block.get(key) == "yes"
    if isinstance(default, tuple):
        return tuple(block.keys[key].splitlines())
    return type(default)(block.get(key))


def read(name, kind):
    """Return the rows of a file in this directory as objects of the dataclass "kind". All fields of
    the dataclass must have defaults."""
    defaults = {field.name: field.default for field in dataclasses.fields(kind)}
    common, rows = {}, []
    for block in rules.read_blocks(HERE / name):
        fields = {}
        for other in block.get("With").split():
            fields.update(common[other])
        for key in block.keys.keys() - {"Common", "With"}:
            field = key.lower().replace("-", "_")
            if field not in defaults:
                raise block.wrong(f"unknown key: {key}", key)
            fields[field] = value(block, key, defaults[field])
        if "Common" in block.keys:
            common[block.get("Common")] = fields
        else:
            rows.append(kind(**fields))
    return tuple(rows)
