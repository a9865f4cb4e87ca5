import type { DataSource, EntityManager } from 'typeorm';

export type VersionName =
  | 'catalogue'
  | 'contact-rules'
  | 'trigger-rules'
  | 'models'
  | 'head'
  | 'reach'
  | 'hours'
  | 'incremental'
  | 'shadow';

/** Number that rises with every change of a thing that is cached in memory. */
export async function readVersion(database: DataSource | EntityManager, name: VersionName): Promise<number> {
  const [row] = await database.query<{ version: string }[]>('select version from versions where name = $1', [
    name,
  ]);
  return Number(row?.version ?? 0);
}

/** To be called in the transaction that changes the thing. */
export async function raiseVersion(manager: EntityManager, name: VersionName): Promise<void> {
  await manager.query(
    'insert into versions values ($1, 1) on conflict (name) do update set version = versions.version + 1',
    [name],
  );
}
