/**
 * Jest's `testRunner`: as always, but the spec and all that it imports are loaded by Node itself. Jest's own module system
 * would load the service, its framework and TensorFlow.js anew for each spec, and run them slower than Node does.
 * So modules are shared by the specs of a worker: what one keeps in a module's state, the next may find.
 */
import { createRequire, register } from 'node:module';
import { setSourceMapsEnabled } from 'node:process';
import { pathToFileURL } from 'node:url';

type Globals = typeof import('@jest/globals');

/** As much of it as is used here. */
interface Runtime {
  unstable_shouldLoadAsEsm(path: string): boolean;
  unstable_importModule(path: string): Promise<unknown>;
  requireModuleOrMock(from: string, name: '@jest/globals'): Globals;
}
type Runner = (
  globalConfig: object,
  config: object,
  environment: object,
  runtime: Runtime,
  path: string,
  ...rest: unknown[]
) => Promise<object>;

const circus = createRequire(import.meta.url)('jest-circus/runner') as { default: Runner };

register('./typescript.js', import.meta.url);
setSourceMapsEnabled(true);

let specs = 0;
let given: Globals | undefined;

/** What the spec that is being loaded gets as `@jest/globals`. */
export function givenGlobals(): Globals {
  if (!given) throw new Error('No spec is being loaded');
  return given;
}

const runSpec: Runner = (globalConfig, config, environment, runtime, path, ...rest) => {
  // Jest's own way to places in the sources knows its own modules only; Node's knows these
  Reflect.deleteProperty(Error, 'prepareStackTrace');
  runtime.unstable_shouldLoadAsEsm = () => true;
  runtime.unstable_importModule = (file) => {
    given = runtime.requireModuleOrMock(file, '@jest/globals');
    specs += 1;
    return import(`${pathToFileURL(file).href}?spec=${specs}`);
  };
  return circus.default(globalConfig, config, environment, runtime, path, ...rest);
};

export default runSpec;
