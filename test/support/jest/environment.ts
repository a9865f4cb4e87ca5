import { TestEnvironment } from 'jest-environment-node';

/**
 * Node as it is. Jest's matchers run in a context of their own, the specs do not: so that `expect.any(String)` means the
 * specs' `String`, the context gets the built-in objects that the specs have.
 */
export default class NodeItself extends TestEnvironment {
  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    super(...given);
    for (const name of builtIns) {
      const property = Object.getOwnPropertyDescriptor(globalThis, name);
      if (property?.configurable) Object.defineProperty(this.global, name, property);
    }
  }
}

const builtIns = [
  'Array',
  'BigInt',
  'Boolean',
  'Date',
  'Error',
  'Function',
  'Map',
  'Number',
  'Object',
  'Promise',
  'RegExp',
  'Set',
  'String',
  'Symbol',
];
