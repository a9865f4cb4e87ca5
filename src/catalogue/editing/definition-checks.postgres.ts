import type { EntityManager } from 'typeorm';
import type { ExpressionReturns, FieldProblem } from '../../shared/index.js';
import { AccountEntity, AttributeSchemaEntity, ContactEntity } from '../account.entity.js';
import type { Account, AttributeSchemaKind, Contact } from '../account.js';
import type { CatalogueKind, CatalogueRecords } from '../catalogue-editor.js';
import {
  type AttributeSchemas,
  checkExpression,
  eligibilityContext,
  outcomeContext,
} from '../expressions.js';
import type { KnownFeatures } from '../known-features.js';
import { ActionEntity } from '../offering.entity.js';
import { placeholders, unknownPlaceholders } from '../placeholders.js';
import { attributeProblems } from '../records/attributes.js';

export async function readSchemas(manager: EntityManager): Promise<AttributeSchemas> {
  const rows = await manager.find(AttributeSchemaEntity);
  const of = (kind: AttributeSchemaKind) => rows.find((row) => row.kind === kind)?.attributes ?? {};
  return { account: of('account'), contact: of('contact') };
}

type Check<Kind extends CatalogueKind> = (
  records: readonly CatalogueRecords[Kind][],
  manager: EntityManager,
  features: KnownFeatures,
) => Promise<FieldProblem[][]>;

const checks: { [Kind in CatalogueKind]?: Check<Kind> } = {
  accounts: async (records, manager) => {
    const { account } = await readSchemas(manager);
    const persons = records.filter(({ kind }) => kind === 'person').map(({ accountId }) => accountId);
    const elsewhere = await contactsElsewhere(manager, persons);
    return records.map((record) => [
      ...contactElsewhere(record, elsewhere),
      ...attributeProblems(record.attributes, account),
    ]);
  },
  contacts: async (records, manager) => {
    const { contact } = await readSchemas(manager);
    const owners = await personsAmong(
      manager,
      records.map(({ contactId }) => contactId),
    );
    return records.map((record) => [
      ...attributeProblems(record.attributes, contact),
      ...ownContact(record, owners),
    ]);
  },
  actions: async (records, manager, features) => {
    const context = eligibilityContext(await readSchemas(manager), features);
    return records.map(({ eligibility }) =>
      expressionProblems('/eligibility', eligibility, (source) =>
        checkExpression(source, context, 'bool', features),
      ),
    );
  },
  'outcome-definitions': async (records) => {
    const check = (returns: ExpressionReturns) => (source: string) =>
      checkExpression(source, outcomeContext(), returns);
    return records.map(({ where, value }) => [
      ...expressionProblems('/where', where, check('bool')),
      ...expressionProblems('/value', value, check('double')),
    ]);
  },
  treatments: async (records) =>
    records.map(({ title, body }) => [
      ...wordingProblems('/title', title),
      ...wordingProblems('/body', body),
    ]),
  'attribute-schemas': async (records, manager, features) => {
    const schemas = await readSchemas(manager);
    return Promise.all(
      records.map(({ kind, attributes }) =>
        brokenActions(manager, { ...schemas, [kind]: attributes }, features),
      ),
    );
  },
};

/** What is wrong with each record beyond its form and its references: attributes by schema, types of expressions. */
export async function definitionProblems<Kind extends CatalogueKind>(
  kind: Kind,
  records: readonly CatalogueRecords[Kind][],
  manager: EntityManager,
  features: KnownFeatures,
): Promise<FieldProblem[][]> {
  const check: Check<Kind> | undefined = checks[kind];
  return check ? check(records, manager, features) : records.map(() => []);
}

function wordingProblems(pointer: string, text: string): FieldProblem[] {
  return unknownPlaceholders(text).map((name) => ({
    pointer,
    detail: `{${name}} stands for nothing: there are ${placeholders.map((known) => `{${known}}`).join(', ')}`,
  }));
}

function expressionProblems(
  pointer: string,
  source: string | null,
  check: (source: string) => { ok: true } | { ok: false; error: string },
): FieldProblem[] {
  if (source === null) return [];
  const result = check(source);
  return result.ok ? [] : [{ pointer, detail: result.error }];
}

/** Actions whose eligibility would stop type-checking if the attributes were declared so. */
export async function brokenActions(
  manager: EntityManager,
  schemas: AttributeSchemas,
  features: KnownFeatures,
): Promise<FieldProblem[]> {
  const context = eligibilityContext(schemas, features);
  const actions = await manager.find(ActionEntity, { select: { actionId: true, eligibility: true } });
  return actions.flatMap(({ actionId, eligibility }) => {
    if (eligibility === null) return [];
    const result = checkExpression(eligibility, context, 'bool', features);
    if (result.ok) return [];
    const detail = `the eligibility of action "${actionId}" would no longer be valid (${result.error}): change the action first`;
    return [{ pointer: '/attributes', detail }];
  });
}

async function personsAmong(manager: EntityManager, ids: readonly string[]): Promise<Set<string>> {
  const rows = await manager
    .createQueryBuilder(AccountEntity, 'account')
    .select('account.accountId', 'id')
    .where(`account.accountId = any(:ids) and account.kind = 'person' and not account.stub`, { ids })
    .getRawMany<{ id: string }>();
  return new Set(rows.map((row) => row.id));
}

function ownContact({ contactId, accountId }: Contact, persons: ReadonlySet<string>): FieldProblem[] {
  if (!persons.has(contactId) || String(contactId) === accountId) return [];
  const detail = `"${contactId}" is a person-account and its own contact: accountId must be "${contactId}" too`;
  return [{ pointer: '/accountId', detail }];
}

/** Contacts that have the id of a person-account and belong to another account, with that account. */
async function contactsElsewhere(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await manager
    .createQueryBuilder(ContactEntity, 'contact')
    .select(['contact.contactId', 'contact.accountId'])
    .where('contact.contactId = any(:ids) and contact.accountId <> contact.contactId', { ids })
    .getMany();
  return new Map(rows.map(({ contactId, accountId }) => [contactId, accountId]));
}

function contactElsewhere(
  { accountId, kind }: Account,
  elsewhere: ReadonlyMap<string, string>,
): FieldProblem[] {
  const other = kind === 'person' ? elsewhere.get(accountId) : undefined;
  if (other === undefined) return [];
  const detail = `a person-account is its own contact, but the contact "${accountId}" belongs to account "${other}": move it first, or choose company`;
  return [{ pointer: '/kind', detail }];
}
