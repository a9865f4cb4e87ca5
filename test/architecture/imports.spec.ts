import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

/** Who may import whom: the table of docs/architecture.md. */
const product: Record<string, readonly string[]> = {
  shared: [],
  database: [],
  access: [],
  catalogue: [],
  events: ['catalogue'],
  consent: ['catalogue'],
  'contact-policy': ['catalogue', 'events', 'consent'],
  features: ['catalogue', 'events', 'consent'],
  insights: ['catalogue', 'events', 'features'],
  recommender: ['catalogue', 'contact-policy', 'consent', 'features', 'insights'],
  suggestions: ['catalogue', 'events', 'consent', 'contact-policy', 'recommender'],
  alerts: ['catalogue', 'events', 'features', 'contact-policy'],
  delivery: ['catalogue', 'consent', 'contact-policy'],
  outcomes: ['catalogue', 'events', 'recommender', 'suggestions'],
  learning: ['catalogue', 'features', 'insights', 'recommender', 'outcomes'],
};
const domain = Object.keys(product).filter((folder) => !['shared', 'database'].includes(folder));
const above = [...domain, 'workflows'];
const outer = [...above, 'rescoring', 'importers', 'demo'];
const allowed: Record<string, readonly string[]> = {
  ...product,
  workflows: domain,
  rescoring: above,
  importers: above,
  demo: above,
  jobs: outer,
  api: outer,
};

/** Technologies, the packages that stand for them, and the files that may touch them. */
const technologies: { packages: RegExp; files: RegExp; name: string }[] = [
  {
    name: 'SQL',
    packages: /^(typeorm|pg|pg-copy-streams)$/,
    files: /(\.postgres\.ts|\.queue\.ts|\.entity\.ts|\.module\.ts|^database\/|^main\.ts|^app\.module\.ts)/,
  },
  { name: 'Redis', packages: /^ioredis$/, files: /(\.redis\.ts|\.module\.ts|\.queue\.ts)/ },
  { name: 'queues', packages: /^(bullmq|@nestjs\/(schedule|bullmq))$/, files: /(\.queue\.ts|\.module\.ts)/ },
  { name: 'TensorFlow', packages: /^@tensorflow\//, files: /\.tfjs\.ts/ },
  { name: 'threads', packages: /^node:worker_threads$/, files: /\.worker\.ts/ },
  { name: 'files', packages: /^node:fs(\/promises)?$/, files: /(\.fs\.ts|^database\/embedded\/)/ },
  {
    name: 'network',
    packages: /^node:(http|https|net|dns)$/,
    files: /(\.http\.ts|\.smtp\.ts|\.fs\.ts|^api\/|^database\/embedded\/)/,
  },
  {
    name: 'NestJS',
    packages: /^(@nestjs\/|fastify$|@fastify\/)/,
    files: /(\.module\.ts|\.controller\.ts|\.queue\.ts|^api\/|^main\.ts|^logging\.ts|^app\.module\.ts)/,
  },
];

interface Import {
  file: string;
  target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const files = sourceFiles(join(root, 'src')).filter((file) => !file.endsWith('.spec.ts'));
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map((match) => ({
    file: relative(join(root, 'src'), file),
    target: match[1] ?? match[2] ?? match[3] ?? '',
  }));
});

const folderOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : '');
const crossing = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => {
    const path = relative(join(root, 'src'), resolve(join(root, 'src'), dirname(file), target)).replace(
      /\.js$/,
      '.ts',
    );
    return { file, path, from: folderOf(file), to: folderOf(path) };
  })
  .filter(({ from, to }) => from !== to);

describe('imports between folders', () => {
  it('finds the code', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(crossing.length).toBeGreaterThan(60);
  });

  it('go along the declared arrows only', () => {
    const wrong = crossing.filter(({ file, path, from, to }) => {
      if (from === '') return false;
      if (to === 'shared') return false;
      if (to === 'database') return !/(\.postgres\.ts|\.entity\.ts|\.module\.ts|\.queue\.ts)$/.test(file);
      if (to === '')
        return !(path === 'config.ts' && (file.endsWith('.module.ts') || ['jobs', 'api'].includes(from)));
      return !(allowed[from] ?? []).includes(to);
    });
    expect(wrong.map(({ file, path }) => `${file} → ${path}`)).toEqual([]);
  });

  it('go through the index of a folder', () => {
    const wrong = crossing.filter(({ file, path, from, to }) => {
      if (to === '' || from === '') return false;
      return path !== `${to}/index.ts` && !(to === 'api' && file === 'main.ts');
    });
    expect(wrong.map(({ file, path }) => `${file} → ${path}`)).toEqual([]);
  });

  it('have no cycle', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to } of crossing) {
      if (from === '' || to === '') continue;
      edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
    expect(cycles(edges)).toEqual([]);
  });
});

function cycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found: string[] = [];
  const walk = (node: string, path: readonly string[]): void => {
    if (path.includes(node)) {
      found.push([...path.slice(path.indexOf(node)), node].join(' → '));
      return;
    }
    for (const next of edges.get(node) ?? []) walk(next, [...path, node]);
  };
  for (const node of edges.keys()) walk(node, []);
  return found;
}

describe('the file name says which technology a file touches', () => {
  for (const { name, packages, files: mayTouch } of technologies) {
    it(`${name} only in the files named for it`, () => {
      const wrong = imports.filter(({ file, target }) => packages.test(target) && !mayTouch.test(file));
      expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
    });
  }

  it('only config.ts reads the environment, and only the edges read clock and chance', () => {
    const wrong = files
      .map((file) => relative(join(root, 'src'), file))
      .filter((file) => !/^(config\.ts|main\.ts|shared\/|database\/embedded\/)/.test(file))
      .filter((file) =>
        /process\.env|Math\.random\(|Date\.now\(|new Date\(\)/.test(
          readFileSync(join(root, 'src', file), 'utf8'),
        ),
      );
    expect(wrong).toEqual([]);
  });
});

describe('names', () => {
  it('have no drawer for leftovers', () => {
    const drawers = files.filter((file) =>
      /(^|\/)(utils?|common|helpers?|types|misc)(\.ts|\/)/.test(relative(root, file)),
    );
    expect(drawers.map((file) => relative(root, file))).toEqual([]);
  });

  it('api, jobs and scripts never import each other', () => {
    const wrong = crossing.filter(
      ({ from, to }) => ['api', 'jobs'].includes(from) && ['api', 'jobs'].includes(to),
    );
    expect(wrong).toEqual([]);
  });
});
