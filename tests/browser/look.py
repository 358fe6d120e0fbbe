#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Look at pictures and pages of efimapctl plot and report in a headless Chromium.

usage: look.py [--keep DIR] EFIMAPCTL

Nothing is cut off, runs over its box or over another text or what links two boxes, on a wide or
a narrow screen, in light or dark; text is large enough on a laptop; a table lies in the row of
its address, and each row names the rules of all that begins in it; nothing is loaded and nothing complained about; links lead somewhere; paper is
not blank. Ends with 77, which meson calls skipped, where there is no Chromium. --keep leaves
the pictures in DIR, to be looked at by people.
"""
import base64
import os
import pathlib
import subprocess
import sys
import tempfile

import devtools

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

# Name: what follows "plot".
PICTURES = {
    'kexec': ['ovmf-q35-6.1-kexec-first'],
    'efidebug': ['ovmf-q35-6.1-efidebug-first'],
    'mixed': ['ovmf32-q35-6.1-mixed-first'],
    'laptop': ['real-001'],
    'log': ['../logs/001-asustek-zenbook-ux391fa.txt'],
    'few': ['--max-rows=8', 'real-005'],
    'crash': ['--second=ovmf-q35-6.1-crash-second', 'ovmf-q35-6.1-crash-first'],
    'lost': ['--second=ovmf-q35-6.1-noruntime-second', 'ovmf-q35-6.1-kexec-first'],
}
# Pages of these; the picture in a page is the same as the one alone.
PAGES = ('kexec', 'efidebug', 'crash')
# What is looked at for its colours: so many pixels tell enough.
PATCH = {'x': 20, 'y': 10, 'width': 360, 'height': 240, 'scale': 1}
MIN_COLOURS = 20
MAX_PAGES = 40
# What is wrong with the SVG of a document, and with a page; what colours a screenshot has.
CHECK_PICTURE, CHECK_PAGE, COUNT_COLOURS = (
    (pathlib.Path(__file__).parent / f'{name}.js').read_text('utf-8')
    for name in ('picture', 'page', 'screenshot'))
# Press Tab through the page: the elements that it stops at.
FOCUSABLE = r'''[...document.querySelectorAll('a[href],summary,[tabindex="0"]')].length'''


class Look:
    """Looks at one file after the other and remembers what is wrong."""

    def __init__(self, browser, keep):
        self.browser = browser
        self.keep = keep
        self.problems = []
        self.looked = 0

    def complain(self, what, wrong):
        """Note sentences; the first few say enough."""
        for sentence in wrong[:8]:
            self.problems.append(f'{what}: {sentence}')

    def save(self, name, data):
        """Keep a picture for people."""
        if self.keep:
            with open(os.path.join(self.keep, name), 'wb') as file:
                file.write(data)

    def events(self, what, url):
        """Nothing else was loaded, and nobody complained."""
        for event in self.browser.events:
            method, params = event.get('method'), event.get('params', {})
            if method == 'Network.requestWillBeSent' and params['request']['url'] != url:
                self.problems.append(f'{what}: asks for {params["request"]["url"][:80]}')
            elif method == 'Log.entryAdded':
                self.problems.append(f'{what}: {params["entry"]["text"]}')
            elif method in ('Runtime.consoleAPICalled', 'Runtime.exceptionThrown'):
                self.problems.append(f'{what}: {method}')

    def shoot(self, name):
        """A screenshot's brightness; it is not blank."""
        if self.keep:
            whole = self.browser.call('Page.captureScreenshot', captureBeyondViewport=True)
            self.save(f'{name}.png', base64.b64decode(whole['data']))
        patch = self.browser.call('Page.captureScreenshot', clip=PATCH)
        colours, brightness = self.browser.run(COUNT_COLOURS + f'("{patch["data"]}")')
        if colours < MIN_COLOURS:
            self.problems.append(f'{name}: only {colours} colours: blank?')
        return brightness

    def view(self, name, path, sizes, checks):
        """One file at all sizes, light and dark."""
        url = f'file://{path}'
        for width, height in sizes:
            seen = {}
            for scheme in ('light', 'dark'):
                what = f'{name}-{width}-{scheme}'
                self.browser.open(url, width, height, scheme)
                for check in checks:
                    self.complain(what, self.browser.run(check))
                self.events(what, url)
                seen[scheme] = self.shoot(what)
                self.looked += 1
            if seen['dark'] > 100 or seen['light'] < 180:
                self.problems.append(f'{name}: light and dark are {seen}')

    def paper(self, name):
        """The page that is open now, printed."""
        data = base64.b64decode(self.browser.call('Page.printToPDF', printBackground=True,
                                                  preferCSSPageSize=True)['data'])
        self.save(f'{name}.pdf', data)
        pages = data.count(b'/Type /Page\n') + data.count(b'/Type /Page ')
        if not data.startswith(b'%PDF') or not 0 < pages <= MAX_PAGES:
            self.problems.append(f'{name}: printed on {pages} pages')
        self.looked += 1


def look(tool, browser, keep):
    """Draw all pictures, and look at them."""
    all_seen = Look(browser, keep)
    with tempfile.TemporaryDirectory(prefix='efimapctl-look-') as where:
        for name, words in PICTURES.items():
            svg, html = (os.path.join(where, f'{name}.{kind}') for kind in ('svg', 'html'))
            for path in (svg, html):
                subprocess.run([tool, 'plot', '-q', '-O', path] + words, check=True,
                               cwd=fixture.real('.'))
            all_seen.view(f'{name}-svg', svg, [(1600, 1200), (1366, 768)], [CHECK_PICTURE])
            if name not in PAGES:
                continue
            all_seen.view(f'{name}-html', html, [(1366, 768), (400, 900)],
                          [CHECK_PAGE, CHECK_PICTURE])
            if browser.run(FOCUSABLE) < 10:
                all_seen.problems.append(f'{name}: the keyboard reaches nothing')
            all_seen.paper(f'{name}-paper')
    return all_seen


def main(args):
    keep = None
    if args[:1] == ['--keep']:
        keep, args = args[1], args[2:]
        os.makedirs(keep, exist_ok=True)
    path = devtools.find()
    if not path:
        print('SKIPPED: no Chromium to look with; install the package chromium')
        return 77
    browser = devtools.Browser(path)
    try:
        seen = look(os.path.abspath(args[0]), browser, keep)
    finally:
        browser.close()
    for problem in seen.problems:
        print(problem)
    print(f'looked {seen.looked} times, {len(seen.problems)} wrong')
    return 1 if seen.problems or not seen.looked else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
