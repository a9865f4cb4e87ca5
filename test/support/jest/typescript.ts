/** Hooks of Node's module loader: sources are TypeScript and import each other as `.js`. */
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Options, transformFile } from '@swc/core';

const options: Options = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
};

const isSource = (url: string): boolean => /\.ts(\?|$)/.test(url);

export const resolve: ResolveHook = (specifier, context, next) => {
  const { parentURL = '' } = context;
  if (specifier === '@jest/globals') {
    const { search } = new URL(parentURL);
    if (!search) throw new Error(`Only a spec imports @jest/globals, for itself: not ${parentURL}`);
    return { url: new URL(`./globals.js${search}`, import.meta.url).href, shortCircuit: true };
  }
  const ours = specifier.startsWith('.') && specifier.endsWith('.js') && isSource(parentURL);
  return next(ours ? specifier.replace(/js$/, 'ts') : specifier, context);
};

export const load: LoadHook = async (url, context, next) => {
  if (!isSource(url)) return next(url, context);
  const { code } = await transformFile(fileURLToPath(url), options);
  return { format: 'module', source: code, shortCircuit: true };
};
