import type { Account, AccountDossier, AttributeValue, Contact, ContactId } from '../../catalogue/index.js';
import type { FeatureReadout } from '../../features/index.js';
import { DAY } from '../../shared/index.js';
import { splitInput } from './input-schema.js';
import { profileInputs } from './profile-inputs.js';
import type { AccountInputs, InputSchema } from './propensity-model.js';

interface Source {
  account: Account;
  contact: Contact | undefined;
  readout: FeatureReadout;
  at: Date;
}
interface Readers {
  numbers: ((source: Source) => number)[];
  categories: ((source: Source) => string | null)[];
}

/** Readers are made once for a schema. */
const readers = new WeakMap<InputSchema, Readers>();

/**
 * The account's side of the model's inputs, in the schema's order, as seen with one of its contacts at a moment:
 * NaN and null where unknown. A date is days before `at`, a boolean 0 or 1.
 */
export function accountInputs(
  schema: InputSchema,
  dossier: AccountDossier,
  contactId: ContactId | null,
  readout: FeatureReadout,
  at: Date,
): AccountInputs {
  let read = readers.get(schema);
  if (!read) {
    read = { numbers: schema.numbers.map(numberReader), categories: schema.categories.map(categoryReader) };
    readers.set(schema, read);
  }
  const contact =
    contactId === null ? undefined : dossier.contacts.find((known) => known.contactId === contactId);
  const source: Source = { account: dossier.account, contact, readout, at };
  const numbers = new Float32Array(read.numbers.length);
  for (let index = 0; index < numbers.length; index += 1)
    numbers[index] = read.numbers[index]?.(source) ?? NaN;
  const categories = read.categories.map((category) => category(source));
  const { profiles } = schema;
  return profiles
    ? { numbers, categories, profile: profileInputs(profiles, readout) }
    : { numbers, categories };
}

function numberReader(input: string): (source: Source) => number {
  const { owner, name } = splitInput(input);
  if (owner === 'feature') return ({ readout }) => readout.value(name) ?? NaN;
  return (source) => asNumber(attributeOf(source, owner, name), source.at);
}

function categoryReader(input: string): (source: Source) => string | null {
  const { owner, name } = splitInput(input);
  switch (input) {
    case 'account:segment':
      return ({ account }) => account.segment;
    case 'account:region':
      return ({ account }) => account.region;
    case 'account:country':
      return ({ account }) => account.country;
    case 'account:kind':
      return ({ account }) => account.kind;
    default:
      return (source) => {
        const value = attributeOf(source, owner, name);
        return value === null || value === undefined ? null : String(value);
      };
  }
}

function attributeOf({ account, contact }: Source, owner: string, name: string): AttributeValue | undefined {
  return owner === 'contact' ? contact?.attributes[name] : account.attributes[name];
}

function asNumber(value: AttributeValue | undefined, at: Date): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return NaN;
  return (at.getTime() - Date.parse(value)) / DAY;
}
