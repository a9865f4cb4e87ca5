/**
 * Writes what every route answers, as JSON schemas, from the types that its controller's methods declare:
 * `npm run api:answers`. The OpenAPI document reads the file (src/api/http/answers.json), so that it cannot say other
 * than the compiler checked. Needs the compiler: for developers only, no part of the service.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { type Answers, describeAnswers } from './describe-types.js';

export const ANSWERS_FILE = 'src/api/http/answers.json';

/** Of all controllers of a checkout. Throws where a type cannot be said in JSON. */
export function answersOf(root: string): Answers {
  const configPath = resolve(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path)) as { config: object };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const controllers = fileNames.filter((name) => name.endsWith('.controller.ts'));
  const program = ts.createProgram(controllers, { ...options, noEmit: true });
  return describeAnswers(program, new Set(controllers.map((name) => resolve(name))));
}

/** As it stands in the file. */
export const written = (answers: Answers): string => `${JSON.stringify(answers, null, 1)}\n`;

if (process.argv[1]?.includes('describe-answers'))
  writeFileSync(ANSWERS_FILE, written(answersOf(process.cwd())));
