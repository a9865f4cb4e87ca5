import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ANSWERS_FILE, answersOf } from '../../scripts/describe-answers.js';
import { cloneRoot } from '../../src/main.js';

describe('what the OpenAPI document says of answers', () => {
  it('is what the controllers declare: npm run api:answers', () => {
    const root = cloneRoot();
    const written: unknown = JSON.parse(readFileSync(join(root, ANSWERS_FILE), 'utf8'));
    expect(JSON.parse(JSON.stringify(answersOf(root)))).toEqual(written);
  }, 120_000);
});
