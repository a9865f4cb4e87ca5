import type { AttributeSchema } from '../../catalogue/index.js';
import type { FeatureDefinition, FeatureSet } from '../../features/index.js';
import type { InputSchema } from './propensity-model.js';

/** Keys at which a candidate reads the account's history with it; a feature by role or event has no such place. */
export const crossKeys = ['action', 'product', 'topic', 'channel', 'treatment'] as const;
export type CrossKey = (typeof crossKeys)[number];

/** Categories that every account has, beside its string attributes. */
const ACCOUNT_CATEGORIES = ['segment', 'region', 'country', 'kind'];

/**
 * What a model may read, derived from the declared features and attributes. Personal attributes and features marked
 * `model: false` are left out, and so are histograms: they choose the slot. The order is stable.
 */
export function buildInputSchema(
  featureSet: Pick<FeatureSet, 'version' | 'definitions'>,
  schemas: { account: AttributeSchema; contact: AttributeSchema },
): InputSchema {
  const read = featureSet.definitions.filter(
    (definition) => definition.model !== false && definition.kind !== 'histogram',
  );
  return {
    featureSet: featureSet.version,
    numbers: [
      ...read.filter((definition) => definition.by === undefined).map(({ name }) => `feature:${name}`),
      ...attributesOf('account', schemas.account, (type) => type !== 'string'),
      ...attributesOf('contact', schemas.contact, (type) => type !== 'string'),
    ],
    categories: [
      ...ACCOUNT_CATEGORIES.map((name) => `account:${name}`),
      ...attributesOf('account', schemas.account, (type) => type === 'string').filter(
        (name) => !ACCOUNT_CATEGORIES.includes(name.slice('account:'.length)),
      ),
      ...attributesOf('contact', schemas.contact, (type) => type === 'string'),
    ],
    crosses: read.filter(isCross).map(({ name, by }) => `${name}@${by}`),
  };
}

function isCross(definition: FeatureDefinition): definition is FeatureDefinition & { by: CrossKey } {
  return crossKeys.some((key) => key === definition.by);
}

function attributesOf(
  owner: 'account' | 'contact',
  schema: AttributeSchema,
  wanted: (type: AttributeSchema[string]['type']) => boolean,
): string[] {
  return Object.entries(schema)
    .filter(([, spec]) => !spec.personal && wanted(spec.type))
    .map(([name]) => `${owner}:${name}`)
    .sort();
}

/** An input's name taken apart: `feature:daysSinceVisit`, `account:beds`. */
export function splitInput(input: string): { owner: string; name: string } {
  const colon = input.indexOf(':');
  return { owner: input.slice(0, colon), name: input.slice(colon + 1) };
}

/** A cross's name taken apart: `topicReads@topic`. */
export function splitCross(cross: string): { name: string; key: CrossKey } {
  const at = cross.lastIndexOf('@');
  const key = crossKeys.find((known) => known === cross.slice(at + 1));
  if (key === undefined)
    throw new Error(`"${cross}" is not a cross of a feature with one of ${crossKeys.join(', ')}`);
  return { name: cross.slice(0, at), key };
}
