/**
 * Writes what every route answers, as JSON schemas, from the types that its controller's methods declare:
 * `npm run api:answers`; with `--print` to standard output instead. The OpenAPI document reads the file
 * (src/api/http/answers.json), so that it cannot say other than the compiler checked. Needs the compiler: for
 * developers only, no part of the service.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { ANSWERS_FILE } from './answers-file.js';
import { type Answers, describeAnswers } from './describe-types.js';

/** Of all controllers of a checkout. Throws where a type cannot be said in JSON. */
function answersOf(root: string): Answers {
  const configPath = resolve(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path)) as { config: object };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const controllers = fileNames.filter((name) => name.endsWith('.controller.ts'));
  const program = ts.createProgram(controllers, { ...options, noEmit: true });
  return describeAnswers(program, new Set(controllers.map((name) => resolve(name))));
}

const written = `${JSON.stringify(answersOf(process.cwd()), null, 1)}\n`;
if (process.argv.includes('--print')) process.stdout.write(written);
else writeFileSync(ANSWERS_FILE, written);
