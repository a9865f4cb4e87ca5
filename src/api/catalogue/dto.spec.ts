import { describe, expect, it } from '@jest/globals';
import { getMetadataStorage } from 'class-validator';
import { type CatalogueKind, RecordParser } from '../../catalogue/index.js';
import { AccountBody, AttributeSchemaBody, ContactBody } from './account.dto.js';
import {
  ActionBody,
  ChannelBody,
  ContentBody,
  OutcomeDefinitionBody,
  ProductBody,
  TreatmentBody,
} from './offering.dto.js';
import { TeamMemberBody } from './team.dto.js';

const bodies: [CatalogueKind, new () => object, string[]][] = [
  ['accounts', AccountBody, ['accountId']],
  ['contacts', ContactBody, ['contactId']],
  ['attribute-schemas', AttributeSchemaBody, ['kind']],
  ['team-members', TeamMemberBody, ['memberId']],
  ['products', ProductBody, ['productId']],
  ['content', ContentBody, ['contentId']],
  ['channels', ChannelBody, ['channelId']],
  ['outcome-definitions', OutcomeDefinitionBody, ['outcomeId']],
  ['actions', ActionBody, ['actionId']],
  ['treatments', TreatmentBody, ['actionId', 'treatmentId']],
];

describe('bodies of PUT', () => {
  it.each(bodies)('of %s have the members of the record but for the ids of the path', (kind, body, ids) => {
    const validated = getMetadataStorage().getTargetValidationMetadatas(body, '', false, false);
    const members = new Set(validated.map(({ propertyName }) => propertyName));
    const columns = new Set(
      new RecordParser({ currency: 'EUR' }).columns(kind).map((column) => column.split('.')[0] ?? ''),
    );
    for (const id of ids) columns.delete(id);
    expect([...members].sort()).toEqual([...columns].sort());
  });
});
