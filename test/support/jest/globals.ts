/** What a spec imports as `@jest/globals`: evaluated once for each. */
import { givenGlobals } from './run-spec.js';

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } =
  givenGlobals();
