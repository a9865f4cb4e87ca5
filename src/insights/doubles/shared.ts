import type { AccountDossier, AttributeSchema, AttributeValue } from '../../catalogue/index.js';
import type { Shared } from './compare.js';
import type { AccountFacts } from './facts.js';

const MOST_SHARED = 10;
/** Numbers are in common when they differ by no more than this share of the larger one. */
const NEARLY = 0.1;

/** What two accounts have in common that can be named: attributes that are not personal, then products that both bought. */
export function sharedBy(
  one: { dossier: AccountDossier; facts: AccountFacts },
  other: { dossier: AccountDossier; facts: AccountFacts },
  schema: AttributeSchema,
): Shared[] {
  const theirs = new Map(attributesOf(other.dossier, schema));
  const attributes = attributesOf(one.dossier, schema).flatMap(([name, value]): Shared[] =>
    alike(value, theirs.get(name)) ? [{ kind: 'attribute', name, value }] : [],
  );
  const products = [...one.facts.purchases.keys()]
    .filter((productId) => other.facts.purchases.has(productId))
    .map((productId): Shared => ({ kind: 'product', name: productId, value: null }));
  return [...attributes, ...products].slice(0, MOST_SHARED);
}

function attributesOf({ account }: AccountDossier, schema: AttributeSchema): [string, AttributeValue][] {
  const { segment, region, country } = account;
  const declared = Object.entries(schema)
    .filter(([, { personal }]) => personal !== true)
    .map(([name]): [string, AttributeValue] => [name, account.attributes[name] ?? null]);
  const own: [string, AttributeValue][] = [
    ['segment', segment],
    ['region', region],
    ['country', country],
  ];
  return [...own, ...declared].filter(([, value]) => value !== null);
}

function alike(one: AttributeValue, other: AttributeValue | undefined): boolean {
  if (typeof one === 'number' && typeof other === 'number')
    return Math.abs(one - other) <= NEARLY * Math.max(Math.abs(one), Math.abs(other));
  return one === other;
}
