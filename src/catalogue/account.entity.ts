import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Account, Attributes, AttributeSchema, AttributeSchemaKind, Contact } from './account.js';
import type { AccountId, ContactId, MemberId } from './ids.js';
import type { Role, TeamMember } from './team.js';

@Entity('attribute_schemas')
export class AttributeSchemaEntity {
  @PrimaryColumn({ type: 'text' })
  kind!: AttributeSchemaKind;

  @Column({ type: 'jsonb' })
  attributes!: AttributeSchema;
}

@Entity('accounts')
export class AccountEntity implements Account {
  @PrimaryColumn({ name: 'account_id', type: 'text' })
  accountId!: AccountId;

  @Column({ type: 'text', nullable: true })
  name!: string | null;

  @Column({ type: 'text' })
  kind!: Account['kind'];

  @Column({ type: 'text', nullable: true })
  segment!: string | null;

  @Column({ type: 'text', nullable: true })
  region!: string | null;

  @Column({ type: 'text', nullable: true })
  country!: string | null;

  @Column({ name: 'time_zone', type: 'text', nullable: true })
  timeZone!: string | null;

  @Column({ type: 'text', nullable: true })
  locale!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  location!: Account['location'];

  @Column({ type: 'text' })
  mode!: Account['mode'];

  @Column({ type: 'jsonb' })
  attributes!: Attributes;

  @Column({ type: 'boolean' })
  stub!: boolean;
}

@Entity('contacts')
export class ContactEntity implements Contact {
  @PrimaryColumn({ name: 'account_id', type: 'text' })
  accountId!: AccountId;

  @PrimaryColumn({ name: 'contact_id', type: 'text' })
  contactId!: ContactId;

  @Column({ type: 'text', nullable: true })
  name!: string | null;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  @Column({ name: 'time_zone', type: 'text', nullable: true })
  timeZone!: string | null;

  @Column({ type: 'text', nullable: true })
  locale!: string | null;

  @Column({ type: 'jsonb' })
  attributes!: Attributes;

  @Column({ type: 'boolean' })
  stub!: boolean;
}

@Entity('team_members')
export class TeamMemberEntity implements TeamMember {
  @PrimaryColumn({ name: 'member_id', type: 'text' })
  memberId!: MemberId;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  role!: Role;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ name: 'time_zone', type: 'text', nullable: true })
  timeZone!: string | null;

  @Column({ type: 'text', nullable: true })
  locale!: string | null;

  @Column({ name: 'deputy_id', type: 'text', nullable: true })
  deputyId!: MemberId | null;

  @Column({ type: 'jsonb' })
  capacity!: TeamMember['capacity'];
}

@Entity('account_team')
export class AssignmentEntity {
  @PrimaryColumn({ name: 'account_id', type: 'text' })
  accountId!: AccountId;

  @PrimaryColumn({ name: 'member_id', type: 'text' })
  memberId!: MemberId;
}
