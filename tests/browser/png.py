# SPDX-License-Identifier: GPL-2.0-or-later
"""Just enough of PNG to count the colours of a screenshot."""
import collections
import struct
import zlib


def chunks(data):
    """Type and content of each chunk."""
    assert data[:8] == b'\x89PNG\r\n\x1a\n', 'no PNG'
    at = 8
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at + 8])
        yield kind, data[at + 8:at + 8 + size]
        at += 12 + size


def paeth(left, above, corner):
    """The predictor of filter 4."""
    guess = left + above - corner
    near = sorted(((abs(guess - left), 0), (abs(guess - above), 1), (abs(guess - corner), 2)))
    return (left, above, corner)[near[0][1]]


def unfilter(kind, line, before, step):
    """A line of bytes as it was before its filter."""
    line = bytearray(line)
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        above = before[i]
        corner = before[i - step] if i >= step else 0
        guess = (0, left, above, (left + above) // 2, paeth(left, above, corner))[kind]
        line[i] = (line[i] + guess) & 255
    return line


def colours(data):
    """How often each colour occurs: {(red, green, blue): count}."""
    content, header = b'', None
    for kind, chunk in chunks(data):
        if kind == b'IHDR':
            header = struct.unpack('>IIBBBBB', chunk)
        elif kind == b'IDAT':
            content += chunk
    width, height, depth, colour, _, _, interlaced = header
    assert depth == 8 and colour in (2, 6) and not interlaced, header
    step = 3 if colour == 2 else 4
    raw = zlib.decompress(content)
    size = width * step
    before, counts = bytearray(size), collections.Counter()
    for y in range(height):
        at = y * (size + 1)
        before = unfilter(raw[at], raw[at + 1:at + 1 + size], before, step)
        counts.update(zip(before[0::step], before[1::step], before[2::step]))
    return counts


def brightness(counts):
    """Mean brightness from 0 to 255."""
    total = sum(counts.values())
    return sum((0.3 * r + 0.59 * g + 0.11 * b) * n for (r, g, b), n in counts.items()) / total
