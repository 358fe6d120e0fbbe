// SPDX-License-Identifier: GPL-2.0-or-later
// Return errors in the SVG of a document as a list of sentences.
(() => {
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
  // Texts must not overlap, even in different lanes.
  for (let i = 0; i < texts.length; i++) {
    const a = box(texts[i]);
    for (let k = i + 1; k < texts.length; k++)
      if (overlap(a, box(texts[k])))
        wrong.push('"' + text(texts[i]) + '" lies over "' + text(texts[k]) + '"');
  }
  // Shapes that link boxes or are behind them must not overlap a text.
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
  // Check the addresses left of the lanes and the tables, if no rows were grouped.
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
        wrong.push('a rule is not next to its row: ' + said[0]);
  }
  return wrong;
})()
