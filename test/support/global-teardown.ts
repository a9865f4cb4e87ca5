import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  await globalThis.nbaTestServer?.leave();
  const home = process.env['NBA_TEST_HOME'];
  if (home) await rm(home, { recursive: true, force: true });
}
