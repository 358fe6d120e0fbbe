#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check pictures and pages of efimapctl plot and report in a headless Chromium.

usage: look.py [--keep DIR] EFIMAPCTL
On wide and narrow screens, in light and dark mode:
- Nothing is cut off, and no text exceeds its box or overlaps another text or a link between boxes.
- Text is large enough on a laptop.
- A table is in the row of its address. Each row names the rules of everything that starts in it.
- No resource is loaded, the browser reports no errors, and links have targets.
- A printed page is not blank.

--keep saves the pictures in DIR. Without Chromium, the exit status is 77.
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
# The picture in a page is the same as the separate picture, so a few pages are enough.
PAGES = ('kexec', 'efidebug', 'crash')
PATCH = {'x': 20, 'y': 10, 'width': 360, 'height': 240, 'scale': 1}
MIN_COLOURS = 20
MAX_PAGES = 40
# Scripts that return the errors in an SVG, the errors in a page, and the number of colours and the
# brightness of a screenshot.
CHECK_PICTURE, CHECK_PAGE, COUNT_COLOURS = (
    (pathlib.Path(__file__).parent / f'{name}.js').read_text('utf-8')
    for name in ('picture', 'page', 'screenshot'))
FOCUSABLE = r'''[...document.querySelectorAll('a[href],summary,[tabindex="0"]')].length'''


class Look:
    def __init__(self, browser, keep):
        self.browser = browser
        self.keep = keep
        self.problems = []
        self.looked = 0

    def complain(self, what, wrong):
        """Record the first eight errors."""
        for sentence in wrong[:8]:
            self.problems.append(f'{what}: {sentence}')

    def save(self, name, data):
        if self.keep:
            with open(os.path.join(self.keep, name), 'wb') as file:
                file.write(data)

    def events(self, what, url):
        """Check that no other resource was loaded and that there were no errors."""
        for event in self.browser.events:
            method, params = event.get('method'), event.get('params', {})
            if method == 'Network.requestWillBeSent' and params['request']['url'] != url:
                self.problems.append(f'{what}: asks for {params["request"]["url"][:80]}')
            elif method == 'Log.entryAdded':
                self.problems.append(f'{what}: {params["entry"]["text"]}')
            elif method in ('Runtime.consoleAPICalled', 'Runtime.exceptionThrown'):
                self.problems.append(f'{what}: {method}')

    def shoot(self, name):
        """Take a screenshot, and check that it is not blank. Return its brightness."""
        if self.keep:
            whole = self.browser.call('Page.captureScreenshot', captureBeyondViewport=True)
            self.save(f'{name}.png', base64.b64decode(whole['data']))
        patch = self.browser.call('Page.captureScreenshot', clip=PATCH)
        colours, brightness = self.browser.run(COUNT_COLOURS + f'("{patch["data"]}")')
        if colours < MIN_COLOURS:
            self.problems.append(f'{name}: only {colours} colours: blank?')
        return brightness

    def view(self, name, path, sizes, checks):
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
        data = base64.b64decode(self.browser.call('Page.printToPDF', printBackground=True,
                                                  preferCSSPageSize=True)['data'])
        self.save(f'{name}.pdf', data)
        pages = data.count(b'/Type /Page\n') + data.count(b'/Type /Page ')
        if not data.startswith(b'%PDF') or not 0 < pages <= MAX_PAGES:
            self.problems.append(f'{name}: printed on {pages} pages')
        self.looked += 1


def look(tool, browser, keep):
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
