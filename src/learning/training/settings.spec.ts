import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { standardTraining } from './settings.js';

describe('the settings of a training', () => {
  it('are those of the committed file whose hash the quality results name', () => {
    const { seed: _, ...settings } = standardTraining;
    const committed: unknown = JSON.parse(readFileSync('bench/quality/settings/response-model.json', 'utf8'));
    expect(committed).toEqual(settings);
  });
});
