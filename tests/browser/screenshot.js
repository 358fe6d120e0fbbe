// SPDX-License-Identifier: GPL-2.0-or-later
// Return [number of colours, mean brightness from 0 to 255] of a screenshot.
(async data => {
  const bytes = Uint8Array.from(atob(data), char => char.charCodeAt(0));
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
})
