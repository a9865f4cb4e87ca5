import { type Role, roles } from '../../catalogue/index.js';
import { ChoiceField, IdField, ObjectField, TextField } from '../http/fields.js';

export class TeamMemberBody {
  @TextField({ min: 1, max: 200, example: 'Mia Weber' })
  name!: string;

  @ChoiceField(roles)
  role!: Role;

  @TextField({ optional: true, nullable: true, max: 320 })
  email?: string | null;

  @TextField({ optional: true, nullable: true, example: 'Europe/Berlin', description: 'IANA time zone.' })
  timeZone?: string | null;

  @TextField({ optional: true, nullable: true, example: 'en', description: 'Language tag (BCP 47).' })
  locale?: string | null;

  @IdField({ optional: true, nullable: true, description: 'The member who stands in.' })
  deputyId?: string | null;

  @ObjectField({
    optional: true,
    default: {},
    example: { visit: 8, call: 20 },
    description: 'Touches a day by kind of channel.',
  })
  capacity?: Record<string, number>;
}

export class TeamMemberView extends TeamMemberBody {
  @IdField()
  memberId!: string;
}

export class AssignmentView {
  @IdField()
  accountId!: string;

  @IdField()
  memberId!: string;

  @ChoiceField(roles)
  role!: Role;
}
