import type { ContactId } from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import { evidenceFor, type FeatureDefinition, type FeatureReadout } from '../../features/index.js';
import type { PublishedInsight } from '../../insights/index.js';
import type { FeatureDefinitionView, FeatureView } from './feature.dto.js';

/** One line of the list: a feature, or one key of a keyed one. */
export interface FeatureRow {
  definition: FeatureDefinition;
  key: string | undefined;
}

/** In the order of the definitions, keys in order of text, so that a page can be continued. */
export function rowsOf(definitions: readonly FeatureDefinition[], readout: FeatureReadout): FeatureRow[] {
  return definitions.flatMap((definition): FeatureRow[] =>
    definition.by === undefined
      ? [{ definition, key: undefined }]
      : [...readout.keys(definition.name)].sort().map((key) => ({ definition, key })),
  );
}

/** Rows that come after the one that a cursor names. */
export function rowsAfter(
  rows: readonly FeatureRow[],
  definitions: readonly FeatureDefinition[],
  cursor: unknown,
): readonly FeatureRow[] {
  if (!Array.isArray(cursor)) return rows;
  const [name, key] = cursor as unknown[];
  const last = definitions.findIndex((definition) => definition.name === name);
  return rows.filter((row) => {
    const place = definitions.indexOf(row.definition);
    return place > last || (place === last && typeof key === 'string' && (row.key ?? '') > key);
  });
}

export function featureView(
  { definition, key }: FeatureRow,
  readout: FeatureReadout,
  events: readonly AccountEvent[],
  seen: { at: Date; contactId: ContactId | null; published: readonly PublishedInsight[] },
): FeatureView {
  const { name, unit, description } = definition;
  const shares = readout.histogram(name);
  const by = publishedBy(definition, seen.published);
  return {
    name,
    ...(key === undefined ? {} : { key }),
    value: readout.value(name, key) ?? null,
    unit,
    description,
    ...(shares ? { shares: [...shares] } : {}),
    ...(by ? { published: by } : {}),
    evidence: evidenceFor(definition, key, events, seen.at, { contactId: seen.contactId }),
  };
}

function publishedBy(
  definition: FeatureDefinition,
  published: readonly PublishedInsight[],
): FeatureView['published'] {
  if (definition.kind !== 'published') return undefined;
  const by = published.find(({ insight }) => insight === definition.insight);
  return (
    by && { insight: by.insight, version: by.version, computedAt: by.computedAt, purchases: by.purchases }
  );
}

export function definitionView({
  name,
  kind,
  per,
  by,
  events,
  unit,
  description,
  model,
  ...settings
}: FeatureDefinition): FeatureDefinitionView {
  return {
    name,
    kind,
    per,
    ...(by === undefined ? {} : { by }),
    events,
    unit,
    description,
    model: model ?? true,
    settings,
  };
}
