/** @type {import('jest').Config} */
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
      sourceMaps: 'inline',
      swcrc: false,
    },
  ],
};

const shared = {
  rootDir: import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform,
};

/**
 * `unit` needs no database and no server; `flow` gets one embedded PostgreSQL and a database per suite; `browser` also
 * needs Chromium, and is no part of `npm test`.
 */
export default {
  maxWorkers: 2,
  // modules of a suite stay in its worker's memory: collecting gigabytes of them takes more time than beginning anew
  workerIdleMemoryLimit: '1.2GB',
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/src/**/*.spec.ts',
        '<rootDir>/scripts/**/*.spec.ts',
        '<rootDir>/test/architecture/**/*.spec.ts',
        '<rootDir>/test/statistics/**/*.spec.ts',
      ],
    },
    {
      ...shared,
      displayName: 'flow',
      testMatch: ['<rootDir>/test/{contracts,scenarios,e2e,faults}/**/*.spec.ts'],
      globalSetup: '<rootDir>/dist/test/support/global-setup.js',
      globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
      globalSetup: '<rootDir>/dist/test/support/global-setup.js',
      globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
    },
  ],
};
