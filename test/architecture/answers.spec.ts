import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ANSWERS_FILE } from '../../scripts/answers-file.js';
import { cloneRoot } from '../../src/main.js';

/** The compiler takes several times as long inside Jest: it runs beside it, from the build. */
const DESCRIBE = 'dist/scripts/describe-answers.js';
const LONGEST_ANSWERS = 64 * 2 ** 20;

describe('what the OpenAPI document says of answers', () => {
  it('is what the controllers declare: npm run api:answers', () => {
    const root = cloneRoot();
    const declared = execFileSync(process.execPath, [join(root, DESCRIBE), '--print'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: LONGEST_ANSWERS,
    });
    expect(JSON.parse(declared)).toEqual(JSON.parse(readFileSync(join(root, ANSWERS_FILE), 'utf8')));
  }, 120_000);
});
