/** A line of the picture: what it stands for, and its values day by day. */
export interface Curve {
  name: string;
  values: readonly number[];
}

const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 80;
const RIGHT = 150;
const TOP = 40;
const BOTTOM = 50;
const TICKS = 5;
const COLOURS = ['#1b6ac9', '#d1495b', '#edae49', '#66a182', '#7d5ba6', '#8d8d8d', '#2e4057'];

/** Curves over days as an SVG of its own: axes, ticks, a name beside the end of each line. */
export function curvesPicture(title: string, unit: string, curves: readonly Curve[]): string {
  const days = Math.max(1, ...curves.map(({ values }) => values.length));
  const all = curves.flatMap(({ values }) => values);
  const top = niceAbove(Math.max(1, ...all));
  const bottom = Math.min(0, ...all);
  const x = (day: number) => LEFT + ((WIDTH - LEFT - RIGHT) * day) / days;
  const y = (value: number) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - bottom)) / (top - bottom);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, TOP - 18, title, 'font-size="14" font-weight="600"'),
    text(LEFT, HEIGHT - 12, 'day'),
    ...ticks(bottom, top).flatMap((value) => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${r(y(value))}" y2="${r(y(value))}" stroke="#ddd"/>`,
      text(LEFT - 8, y(value) + 4, `${shown(value)}`, 'text-anchor="end" fill="#555"'),
    ]),
    ...ticks(0, days).map((day) => text(x(day), HEIGHT - BOTTOM + 18, `${Math.round(day)}`, 'text-anchor="middle" fill="#555"')),
    text(LEFT - 70, TOP - 2, unit, 'fill="#555"'),
    ...curves.map(({ values }, place) => line(values.map((value, day) => [x(day + 1), y(value)]), colourOf(place))),
    ...labels(curves, x(days), y),
    '</svg>',
    '',
  ].join('\n');
}

function labels(curves: readonly Curve[], at: number, y: (value: number) => number): string[] {
  const placed = curves
    .map(({ name, values }, place) => ({ name, place, at: y(values.at(-1) ?? 0) }))
    .sort((a, b) => a.at - b.at);
  let last = -Infinity;
  return placed.map(({ name, place, at: wanted }) => {
    last = Math.max(wanted, last + 15);
    return text(at + 8, last + 4, name, `fill="${colourOf(place)}" font-weight="600"`);
  });
}

function line(points: readonly (readonly [number, number])[], colour: string): string {
  return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map(([a, b]) => `${r(a)},${r(b)}`).join(' ')}"/>`;
}

function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${r(x)}" y="${r(y)}" ${more}>${escaped(words)}</text>`;
}

const colourOf = (place: number): string => COLOURS[place % COLOURS.length] ?? '#000';
const r = (value: number): number => Math.round(value * 10) / 10;
const shown = (value: number): string => (Math.abs(value) >= 1000 ? `${Math.round(value / 1000)}k` : `${r(value)}`);
const escaped = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function ticks(from: number, to: number): number[] {
  return Array.from({ length: TICKS + 1 }, (_, tick) => from + ((to - from) * tick) / TICKS);
}

/** The next number above with two leading digits. */
function niceAbove(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
}
