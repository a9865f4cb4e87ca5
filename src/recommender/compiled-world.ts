import { digest } from '../shared/index.js';
import { choosingFeatures } from './candidates/chosen-products.js';
import { compileCatalogue, type CompiledCatalogue } from './candidates/compiled-catalogue.js';
import { type MetFeatures, metFeatures } from './candidates/context.js';
import type { InputSchema } from './scoring/propensity-model.js';
import type { World } from './situation.js';
import { SlotCalendar } from './slots/windows.js';

/** A world made ready for many accounts; kept as long as its parts stay the same objects. */
export interface CompiledWorld {
  world: World;
  catalogue: CompiledCatalogue;
  met: MetFeatures;
  /** Features by which an action over many products chooses among them. */
  choosing: readonly string[];
  calendar: SlotCalendar;
  /** Name of the histogram by which slots are ranked; null where none is declared. */
  hours: string | null;
}

const calendars = new WeakMap<CompiledCatalogue, SlotCalendar>();

export function compileWorld(world: World): CompiledWorld {
  const catalogue = compileCatalogue(world.catalogue, world.featureSet);
  const calendar = calendars.get(catalogue) ?? new SlotCalendar();
  calendars.set(catalogue, calendar);
  const { definitions } = world.featureSet;
  const histogram = definitions.find(({ kind, by }) => kind === 'histogram' && by === undefined);
  return {
    world,
    catalogue,
    calendar,
    met: metFeatures(definitions),
    choosing: choosingFeatures(definitions),
    hours: histogram?.name ?? null,
  };
}

const digests = new WeakMap<InputSchema, string>();

/** Stable name of a schema: under it the names of a snapshot's inputs are kept. */
export function schemaDigest(schema: InputSchema): string {
  let known = digests.get(schema);
  if (known === undefined) {
    const { profiles: _, ...named } = schema;
    digests.set(schema, (known = digest(named).slice(0, 16)));
  }
  return known;
}
