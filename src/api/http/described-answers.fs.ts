import { readFileSync } from 'node:fs';
import type { DescribedAnswers } from './with-answers.js';

/** What `npm run api:answers` wrote beside this file, or beside what it was built to. */
export function describedAnswers(): DescribedAnswers {
  return JSON.parse(readFileSync(new URL('./answers.json', import.meta.url), 'utf8')) as DescribedAnswers;
}
