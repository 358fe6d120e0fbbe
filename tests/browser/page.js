// SPDX-License-Identifier: GPL-2.0-or-later
// Return errors in a page as a list of sentences. The page must not be wider than the screen.
(() => {
  const wrong = [], root = document.documentElement;
  if (root.scrollWidth > window.innerWidth)
    wrong.push('is wider than the screen: ' + root.scrollWidth);
  for (const part of document.querySelectorAll('.scroll'))
    if (window.innerWidth >= 1280 && part.scrollWidth > part.clientWidth)
      wrong.push('a part scrolls sideways: ' + part.scrollWidth);
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
})()
