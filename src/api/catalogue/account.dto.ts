import type { Account, Attributes } from '../../catalogue/index.js';
import {
  BooleanField,
  ChoiceField,
  IdField,
  NestedField,
  NumberField,
  ObjectField,
  QueryBooleanField,
  TextField,
} from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';

const TIME_ZONE = {
  optional: true,
  nullable: true,
  example: 'Europe/Berlin',
  description: 'IANA time zone.',
};
const LOCALE = { optional: true, nullable: true, example: 'fa-IR', description: 'Language tag (BCP 47).' };
const ATTRIBUTES = {
  optional: true,
  default: {},
  example: { specialty: 'cardiology' },
  description: 'Values by name: text, number, true, false or null; held against the attribute schema.',
};

export class LocationBody {
  @NumberField({ min: -90, max: 90 })
  lat!: number;

  @NumberField({ min: -180, max: 180 })
  lon!: number;
}

export class AccountBody {
  @TextField({ optional: true, nullable: true, min: 1, max: 200, example: 'Dr. Jones' })
  name?: string | null;

  @ChoiceField(['person', 'company'], { description: 'A person-account is its own contact.' })
  kind!: Account['kind'];

  @TextField({ optional: true, nullable: true, min: 1, max: 200 })
  segment?: string | null;

  @TextField({ optional: true, nullable: true, min: 1, max: 200 })
  region?: string | null;

  @TextField({ optional: true, nullable: true, max: 2, example: 'DE', description: 'ISO 3166-1 alpha-2.' })
  country?: string | null;

  @TextField(TIME_ZONE)
  timeZone?: string | null;

  @TextField(LOCALE)
  locale?: string | null;

  @NestedField(() => LocationBody, { optional: true, nullable: true })
  location?: LocationBody | null;

  @ChoiceField(['assisted', 'automated'], {
    optional: true,
    default: 'assisted',
    description: 'automated: follow-ups on automatic channels go out by themselves.',
  })
  mode?: Account['mode'];

  @ObjectField(ATTRIBUTES)
  attributes?: Attributes;
}

export class AccountView extends AccountBody {
  @IdField()
  accountId!: string;

  @BooleanField({ description: 'Made by an event that named an unknown id; a PUT completes it.' })
  stub!: boolean;
}

export class AccountsQuery extends PageQuery {
  @QueryBooleanField({ optional: true, description: 'Only stubs, or only completed ones.' })
  stub?: boolean;

  @TextField({ optional: true, max: 200 })
  segment?: string;

  @TextField({ optional: true, min: 1, max: 200, description: 'Part of the id or of the name.' })
  search?: string;
}

export class ContactBody {
  @IdField({ description: 'The account that the contact belongs to.' })
  accountId!: string;

  @TextField({ optional: true, nullable: true, min: 1, max: 200 })
  name?: string | null;

  @TextField({ optional: true, nullable: true, max: 320, example: 'ana@example.org' })
  email?: string | null;

  @TextField({ optional: true, nullable: true, min: 1, max: 50 })
  phone?: string | null;

  @TextField(TIME_ZONE)
  timeZone?: string | null;

  @TextField(LOCALE)
  locale?: string | null;

  @ObjectField(ATTRIBUTES)
  attributes?: Attributes;
}

export class ContactView extends ContactBody {
  @IdField()
  contactId!: string;

  @BooleanField({ description: 'Made by an event that named an unknown id; a PUT completes it.' })
  stub!: boolean;
}

export class ContactsQuery extends PageQuery {
  @IdField({ optional: true, description: 'Only the contacts of this account.' })
  accountId?: string;

  @QueryBooleanField({ optional: true, description: 'Only stubs, or only completed ones.' })
  stub?: boolean;
}

export class AttributeSchemaBody {
  @ObjectField({
    description:
      'Attributes by name: {type: string|number|boolean|date, values?: [allowed texts], personal?: left out of logs and the model}.',
    example: { specialty: { type: 'string', values: ['cardiology', 'oncology'] }, beds: { type: 'number' } },
  })
  attributes!: object;
}

export class AttributeSchemaView extends AttributeSchemaBody {
  @ChoiceField(['account', 'contact'])
  kind!: string;
}
