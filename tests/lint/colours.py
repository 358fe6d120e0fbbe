#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the colours of a picture are distinguishable with red-green colour blindness.

usage: colours.py PICTURE_SVG_C

Each colour represents a kind of region. The matrices of Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, convert each colour to
the colour that viewers with deuteranopia (no green cones) or protanopia (no red cones) see. The
difference of two colours is computed with CIEDE2000, and the contrast of text with WCAG 2.1.
"""
import itertools
import math
import re
import sys

EYES = {
    'all cones': ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    'deuteranopia': ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    'protanopia': ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750),
          (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1, 1.08883)
# Minimum CIEDE2000 distance. It is several times a just noticeable difference, because colours that
# are not adjacent must also be easy to distinguish.
MIN_DISTANCE = 10
MIN_CONTRAST = 4.5


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def linear(colour):
    """Return the linear RGB values of "#rrggbb" or "#rgb" (IEC 61966-2-1)."""
    if len(colour) == 4:
        colour = '#' + ''.join(2 * digit for digit in colour[1:])
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def lab(light):
    x, y, z = ((t / n) ** (1 / 3) if t / n > 216 / 24389 else (24389 / 27 * t / n + 16) / 116
               for t, n in zip(times(TO_XYZ, light), WHITE))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour, eye):
    """Return the L*a*b* values of a colour, as viewers with the eyes EYES[eye] see it."""
    return lab([min(1, max(0, c)) for c in times(EYES[eye], linear(colour))])


def hue(a, b):
    return math.degrees(math.atan2(b, a)) % 360


def mean_hue(one, other):
    mean = (one + other) / 2
    return mean if abs(one - other) <= 180 else (mean + 180) % 360


def distance(one, other):
    """Return the CIEDE2000 difference of two L*a*b* values (Sharma, Wu, Dalal 2005)."""
    mean = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7))
    chroma = [math.hypot(a * stretch, b) for _, a, b in (one, other)]
    hues = [hue(a * stretch, b) for _, a, b in (one, other)]
    light, colour, turn = (one[0] + other[0]) / 2, sum(chroma) / 2, mean_hue(*hues)
    apart = (hues[1] - hues[0] + 180) % 360 - 180
    parts = (other[0] - one[0], chroma[1] - chroma[0],
             2 * math.sqrt(chroma[0] * chroma[1]) * math.sin(math.radians(apart / 2)))
    waves = (1 - 0.17 * math.cos(math.radians(turn - 30)) + 0.24 * math.cos(math.radians(2 * turn))
             + 0.32 * math.cos(math.radians(3 * turn + 6))
             - 0.2 * math.cos(math.radians(4 * turn - 63)))
    scales = (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2),
              1 + 0.045 * colour, 1 + 0.015 * colour * waves)
    dl, dc, dh = (part / scale for part, scale in zip(parts, scales))
    twist = -2 * math.sqrt(colour ** 7 / (colour ** 7 + 25 ** 7)) * math.sin(
        math.radians(60 * math.exp(-((turn - 275) / 25) ** 2)))
    return math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + twist * dc * dh)


def contrast(one, other):
    low, high = sorted(times(TO_XYZ, linear(colour))[1] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def look(scheme, colours, words, problems):
    """Check one colour scheme, and print the nearest colours."""
    for name, colour in colours.items():
        if contrast(colour, words) < MIN_CONTRAST:
            problems.append(f'{scheme}: words on {name} {colour}: contrast '
                            f'{contrast(colour, words):.1f}, minimum {MIN_CONTRAST}')
    for eye in EYES:
        kinds = {name: seen(colour, eye) for name, colour in colours.items()}
        pairs = sorted((distance(kinds[a], kinds[b]), a, b)
                       for a, b in itertools.combinations(colours, 2))
        print(f'{scheme}, {eye}: nearest are {pairs[0][1]} and {pairs[0][2]}, {pairs[0][0]:.1f}')
        problems += [f'{scheme}, {eye}: {a} and {b} are {d:.1f} apart, minimum {MIN_DISTANCE}'
                     for d, a, b in pairs if d < MIN_DISTANCE]


def main(path):
    # The first pair of the test data in the CIEDE2000 paper detects errors in distance().
    known = distance((50, 2.6772, -79.7751), (50, 0, -82.7485))
    problems = [] if abs(known - 2.0425) < 0.0001 else [
        f'the CIEDE2000 distance of a test pair is {known}, expected 2.0425']
    with open(path, encoding='ascii') as file:
        code = file.read()
    rows = re.findall(r'= { "(\w+)", "(#\w+)", "(#\w+)" }', code)
    words = re.findall(r'(?<!bg { )fill: (#\w+)', code)
    if len(rows) < 10 or len(words) != 2:
        problems.append(f'{path}: found {len(rows)} kinds and {len(words)} colours of text')
    else:
        look('light', {name: light for name, light, _ in rows}, words[0], problems)
        look('dark', {name: dark for name, _, dark in rows}, words[1], problems)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
