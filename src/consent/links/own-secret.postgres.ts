import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';

const BYTES = 32;

const random = (): string => randomBytes(BYTES).toString('base64url');

/**
 * The deployment's own secret of that name, the same for every process; made by whoever asks first: 32 random bytes in
 * base64url, or as `make` says.
 */
export async function ownSecret(
  database: DataSource,
  name: string,
  make: () => string = random,
): Promise<string> {
  const [row] = await database.query<{ secret: string }[]>(
    `with made as (
       insert into own_secrets (name, secret) values ($1, $2) on conflict (name) do nothing returning secret)
     select secret from made union all select secret from own_secrets where name = $1`,
    [name, make()],
  );
  if (row) return row.secret;
  // another process has just made it: this statement began before it was there
  const [known] = await database.query<{ secret: string }[]>(
    'select secret from own_secrets where name = $1',
    [name],
  );
  if (!known) throw new Error(`The secret "${name}" could not be made`);
  return known.secret;
}
