import { ahead, type Figure, type Interval, type Result } from './figures.js';

/** The result as a page to read. */
export function reportOf(result: Result): string {
  return [
    `# Quality on ${result.what}`,
    `Measured ${result.measuredAt} in ${Math.round(result.seconds)} s by \`npm run bench:quality -- ${result.what}\`.`,
    list('Machine and versions', { ...result.machine, ...result.versions }),
    '## Figures',
    'The last column says by how much ours is ahead (+) or behind (−).',
    figuresTable(result.figures),
    list('Import', result.importing),
    list('Split', result.split),
    result.training ? list('Training', result.training) : '',
    result.rescoring ? list('Re-scoring of all accounts', result.rescoring) : '',
    '## Commands',
    result.commands.map((command) => `- \`${JSON.stringify(command)}\``).join('\n'),
    '## Notes',
    result.notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function figuresTable(figures: readonly Figure[]): string {
  const rows = figures.flatMap((figure) =>
    figure.references.map((reference, index) => {
      const difference = ahead(figure, reference);
      const own = `${shown(figure.ours)}${between(figure.interval)}`;
      const [what, on, ours] = index === 0 ? [figure.what, figure.on, own] : ['', '', ''];
      return `| ${what} | ${on} | ${ours} | ${reference.name} | ${shown(reference.value)} | ${reference.from} | ${signed(difference)}${between(reference.difference)} |`;
    }),
  );
  return ['| measure | on | ours | beside | its figure | from | ahead |', '|---|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

const PLACES = 4;

function between(interval: Interval | undefined): string {
  return interval ? ` (${shown(interval.low)} to ${shown(interval.high)})` : '';
}

function shown(value: number | null): string {
  return value === null ? '–' : value.toFixed(PLACES);
}

function signed(value: number | null): string {
  if (value === null) return '–';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(PLACES)}`;
}

function list(title: string, values: Record<string, unknown>): string {
  const lines = Object.entries(values).map(([name, value]) => `- ${name}: ${text(value)}`);
  return `## ${title}\n\n${lines.join('\n')}`;
}

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
