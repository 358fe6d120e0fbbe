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
    'few': ['--rows=8', 'real-005'],
    'crash': ['--compare=ovmf-q35-6.1-crash-second', 'ovmf-q35-6.1-crash-first'],
    'lost': ['--compare=ovmf-q35-6.1-noruntime-second', 'ovmf-q35-6.1-kexec-first'],
}
# Pages of these; the picture in a page is the same as the one alone.
PAGES = ('kexec', 'efidebug', 'crash')
# What is looked at for its colours: so many pixels tell enough.
PATCH = {'x': 20, 'y': 10, 'width': 360, 'height': 240, 'scale': 1}
MIN_COLOURS = 20
# A screenshot: [how many colours it has, its mean brightness from 0 to 255].
COUNT_COLOURS = r'''(async () => {
  const bytes = Uint8Array.from(atob('%s'), char => char.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const dots = context.getImageData(0, 0, picture.width, picture.height).data;
  const colours = new Set();
  let sum = 0;
  for (let i = 0; i < dots.length; i += 4) {
    const [red, green, blue] = dots.subarray(i, i + 3);
    colours.add(red << 16 | green << 8 | blue);
    sum += 0.3 * red + 0.59 * green + 0.11 * blue;
  }
  return [colours.size, sum / (dots.length / 4)];
})()'''
MAX_PAGES = 40

# What is wrong with the SVG of a document, as a list of sentences.
CHECK_PICTURE = r'''(() => {
  const svg = document.querySelector('svg'), wrong = [];
  const box = e => e.getBBox(), text = e => e.textContent.slice(0, 60);
  const right = b => b.x + b.width, bottom = b => b.y + b.height;
  const whole = svg.viewBox.baseVal;
  const overlap = (a, b) => a.x < right(b) - 1 && b.x < right(a) - 1 &&
                            a.y + 3 < bottom(b) - 3 && b.y + 3 < bottom(a) - 3;
  const texts = [...svg.querySelectorAll('text')];
  if (!texts.length)
    wrong.push('no text');
  for (const e of texts) {
    const b = box(e);
    if (b.x < 0 || right(b) > whole.width || b.y < 0 || bottom(b) > whole.height)
      wrong.push('runs out of the picture: ' + text(e));
    if (!b.width && e.textContent.length)
      wrong.push('has no width: ' + text(e));
  }
  for (const cell of svg.querySelectorAll('.cell')) {
    const r = box(cell.querySelector('rect')), t = cell.querySelector('text');
    if (t && (right(box(t)) > right(r) + 1 || bottom(box(t)) > bottom(r) + 2))
      wrong.push('runs out of its box: ' + text(t));
    if (t && !cell.querySelector('title'))
      wrong.push('has no tooltip: ' + text(t));
    if (r.height < 15 && t)
      wrong.push('is too low to be seen: ' + text(t));
  }
  const rects = [...svg.querySelectorAll('.cell')].filter(c => c.querySelector('text'));
  for (const mark of svg.querySelectorAll('.mark'))
    for (const cell of rects)
      if (overlap(box(mark), box(cell.querySelector('rect'))))
        wrong.push('a mark lies over a region: ' + text(mark));
  // Texts that share no lane may not share a place either.
  for (let i = 0; i < texts.length; i++) {
    const a = box(texts[i]);
    for (let k = i + 1; k < texts.length; k++)
      if (overlap(a, box(texts[k])))
        wrong.push('"' + text(texts[i]) + '" lies over "' + text(texts[k]) + '"');
  }
  // What links boxes, or runs behind them, is left of no text.
  const inside = (shape, b) => [0, 1, 2, 3, 4].some(i => [0.25, 0.5, 0.75].some(j => {
    const point = svg.createSVGPoint();
    point.x = b.x + b.width * i / 4;
    point.y = b.y + b.height * j;
    return shape.isPointInFill(point);
  }));
  const lanes = [...svg.querySelectorAll('.cell text')];
  for (const e of texts.filter(e => !lanes.includes(e)))
    for (const shape of svg.querySelectorAll('.link,.wash'))
      if (inside(shape, box(e)))
        wrong.push('lies over a ribbon: ' + text(e));
  const scale = svg.getBoundingClientRect().width / whole.width;
  for (const e of texts) {
    const size = parseFloat(getComputedStyle(e).fontSize) * scale;
    if (window.innerWidth >= 1366 && size < 11)
      wrong.push('is ' + size.toFixed(1) + ' px: ' + text(e));
  }
  // The addresses left of the lanes, and the tables, where no two rows were grouped.
  const rows = [...svg.querySelectorAll('text.end')].map(e => ({
    at: BigInt(e.textContent), top: e.getAttribute('y') - 12 }));
  const physical = Math.max(...[...svg.querySelectorAll('text.head')].filter(
    e => !e.textContent.includes('VIRTUAL')).map(e => box(e).x));
  for (const cell of svg.querySelectorAll('.cell')) {
    const title = cell.querySelector('title'), r = box(cell.querySelector('rect'));
    if (!title || r.x > physical + 4)
      continue;
    const place = title.textContent.match(/^[^:\n]+: (0x[0-9a-f]+)$/m);
    if (place && !title.textContent.startsWith('entry') && !svg.textContent.includes('are grouped')) {
      const row = rows.filter(row => row.at <= BigInt(place[1])).pop();
      if (Math.abs(row.top - r.y) > 1)
        wrong.push('is not in the row of its address: ' + title.textContent);
    }
    for (const said of title.textContent.matchAll(/^(error|warning|note): ([a-z-]+)$/mg))
      if (![...svg.querySelectorAll('.mark')].some(mark =>
            mark.querySelector('title').textContent.endsWith(': ' + said[2]) &&
            box(mark).y >= r.y - 2 && box(mark).y < r.y + 100))
        wrong.push('a rule is not beside its row: ' + said[0]);
  }
  return wrong;
})()'''

# What is wrong with a page; its width is that of the screen.
CHECK_PAGE = r'''(() => {
  const wrong = [], root = document.documentElement;
  if (root.scrollWidth > window.innerWidth)
    wrong.push('is wider than the screen: ' + root.scrollWidth);
  for (const a of document.querySelectorAll('a')) {
    const href = a.getAttribute('href');
    if (!href.startsWith('#') || !document.getElementById(href.slice(1)))
      wrong.push('a link leads nowhere: ' + href);
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length)
    wrong.push('an id stands twice');
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption)
      wrong.push('a table without a caption');
    if ([...table.querySelectorAll('th')].some(th => !th.scope))
      wrong.push('a heading of a table without scope');
  }
  let level = 0;
  for (const h of document.querySelectorAll('h1,h2,h3,h4')) {
    const next = Number(h.tagName[1]);
    if (next > level + 1)
      wrong.push('a level of headings is left out: ' + h.textContent);
    level = next;
  }
  for (const e of document.querySelectorAll('[aria-labelledby]'))
    for (const id of e.getAttribute('aria-labelledby').split(' '))
      if (!document.getElementById(id))
        wrong.push('is labelled by nothing: ' + id);
  if (document.querySelectorAll('h1').length !== 1 || !document.querySelector('main'))
    wrong.push('not one h1 and a main');
  if (document.querySelectorAll('script:not([type="application/json"]),link,img,iframe,object').length)
    wrong.push('has an element that runs or loads');
  return wrong;
})()'''

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
        colours, brightness = self.browser.run(COUNT_COLOURS % patch['data'])
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
