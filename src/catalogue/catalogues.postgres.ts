import type { DataSource, EntityManager } from 'typeorm';
import { managerOf, readVersion } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { type Catalogue, Catalogues } from './catalogue.js';
import { readSchemas } from './editing/definition-checks.postgres.js';
import type { ActionId } from './ids.js';
import {
  ActionEntity,
  ChannelEntity,
  ContentEntity,
  OutcomeDefinitionEntity,
  ProductEntity,
  TreatmentEntity,
} from './offering.entity.js';
import type { Treatment } from './offering.js';

/** How long the version last seen is trusted, in milliseconds: another process's change is seen this much later. */
const TRUSTED_FOR_MS = 250;

/** Keeps the catalogue in memory and reads it again when its version has risen. */
export class PostgresCatalogues extends Catalogues {
  private kept: Catalogue | undefined;
  private checkedAt = -Infinity;
  private underWay: Promise<Catalogue> | undefined;
  private changes = 0;

  /** `monotonic` gives milliseconds that never go back; it is not the time of day. */
  constructor(
    private readonly database: DataSource,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    super();
  }

  async current(within?: Transaction): Promise<Catalogue> {
    if (this.kept && this.monotonic() - this.checkedAt < TRUSTED_FOR_MS) return this.kept;
    if (within) return this.seenFrom(managerOf(within));
    this.underWay ??= this.refresh().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** A change was committed in this process: the next caller looks again. */
  changed(): void {
    this.changes += 1;
    this.checkedAt = -Infinity;
    this.underWay = undefined;
  }

  /** Not kept: the transaction may see what is never committed. */
  private async seenFrom(manager: EntityManager): Promise<Catalogue> {
    const { kept } = this;
    const version = await readVersion(manager, 'catalogue');
    return kept?.version === version ? kept : readParts(manager);
  }

  private async refresh(): Promise<Catalogue> {
    const { kept, changes } = this;
    const version = await readVersion(this.database, 'catalogue');
    const catalogue = kept?.version === version ? kept : await readCatalogue(this.database);
    // What was read before a change of this process must not be kept over it.
    if (changes === this.changes) {
      this.kept = catalogue;
      this.checkedAt = this.monotonic();
    }
    return catalogue;
  }
}

/** All parts as of one instant. */
function readCatalogue(database: DataSource): Promise<Catalogue> {
  return database.transaction('REPEATABLE READ', readParts);
}

async function readParts(manager: EntityManager): Promise<Catalogue> {
  return {
    version: await readVersion(manager, 'catalogue'),
    products: byId(await manager.find(ProductEntity, order('productId')), ({ productId }) => productId),
    content: byId(await manager.find(ContentEntity, order('contentId')), ({ contentId }) => contentId),
    channels: byId(await manager.find(ChannelEntity, order('channelId')), ({ channelId }) => channelId),
    outcomes: byId(
      await manager.find(OutcomeDefinitionEntity, order('outcomeId')),
      ({ outcomeId }) => outcomeId,
    ),
    actions: byId(await manager.find(ActionEntity, order('actionId')), ({ actionId }) => actionId),
    treatments: await readTreatments(manager),
    schemas: await readSchemas(manager),
  };
}

const order = <Key extends string>(key: Key) => ({ order: { [key]: 'ASC' } as Record<Key, 'ASC'> });

function byId<Key, Value extends object>(rows: readonly Value[], key: (row: Value) => Key): Map<Key, Value> {
  return new Map(rows.map((row) => [key(row), { ...row }]));
}

async function readTreatments(manager: EntityManager): Promise<Map<ActionId, Treatment[]>> {
  const rows = await manager.find(TreatmentEntity, { order: { actionId: 'ASC', treatmentId: 'ASC' } });
  const treatments = new Map<ActionId, Treatment[]>();
  for (const row of rows) treatments.set(row.actionId, [...(treatments.get(row.actionId) ?? []), { ...row }]);
  return treatments;
}
