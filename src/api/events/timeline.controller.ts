import { Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import type { Caller } from '../../access/index.js';
import { type AccountId, Accounts, type ContactId, type MemberId, type Role } from '../../catalogue/index.js';
import {
  ReadTimeline,
  TaskPeople,
  type TimelineItem,
  type TimelineKind,
  timelineKinds,
  type TimelinePlace,
} from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { IdField, TextListField, TimeField } from '../http/fields.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { preferredLocale } from '../recommendations/suggestion-view.js';

class TimelineQueryDto extends PageQuery {
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @TextListField({
    optional: true,
    values: timelineKinds,
    description: 'Only these kinds: given several times, or with commas between them.',
  })
  kind?: TimelineKind[];

  @IdField({ optional: true, description: 'Only what concerns this contact.' })
  contactId?: ContactId;

  @TimeField({ optional: true, description: 'From this instant on.' })
  from?: Date;

  @TimeField({ optional: true, description: 'Before this instant.' })
  to?: Date;
}

@ApiTags('events')
@Controller('api/v1/accounts')
export class TimelineController {
  constructor(
    private readonly timeline: ReadTimeline,
    private readonly accounts: Accounts,
    private readonly people: TaskPeople,
    private readonly access: AccountAccess,
  ) {}

  @Get(':accountId/timeline')
  @RequireScopes('read')
  @ApiOperation({
    summary: 'What happened with the account, by everyone, newest first.',
    description:
      'Events, touches, consents, suggestions, responses, outcomes, tasks and alerts in one list. What the firewall ' +
      'hides from the role is left out; of touches and tasks it is told that they were, not what was said. Titles are ' +
      'in the language of Accept-Language, else of the member.',
  })
  async page(
    @Param('accountId') accountId: AccountId,
    @Query() query: TimelineQueryDto,
    @CurrentCaller() caller: Caller,
    @Headers('accept-language') language?: string,
  ): Promise<Page<TimelineItem>> {
    await this.access.ensureSees(caller, accountId);
    if ((await this.accounts.dossiers([accountId])).length === 0) throw unknownId('account', accountId);
    const { limit, cursor, kind, contactId, from, to } = query;
    const before = beforeFrom(readCursor(cursor));
    const rows = await this.timeline.page({
      accountId,
      limit,
      ...(before ? { before } : {}),
      ...(kind ? { kinds: kind } : {}),
      ...(contactId === undefined ? {} : { contactId }),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      role: caller.memberId === null ? null : (caller.role as Role | null),
      locale: preferredLocale(language) ?? (await this.localeOf(caller)),
    });
    return pageOf(
      rows,
      limit,
      ({ place }) => place,
      ({ item }) => item,
    );
  }

  private async localeOf({ memberId }: Caller): Promise<string | null> {
    if (memberId === null) return null;
    return (await this.people.members([memberId as MemberId])).get(memberId as MemberId)?.locale ?? null;
  }
}

function beforeFrom(cursor: unknown): TimelinePlace | undefined {
  if (cursor === undefined) return undefined;
  if (
    typeof cursor === 'object' &&
    cursor !== null &&
    'at' in cursor &&
    'kind' in cursor &&
    'key' in cursor
  ) {
    const { at, kind, key } = cursor;
    const instant = typeof at === 'string' ? new Date(at) : null;
    const known = timelineKinds.find((one) => one === kind);
    if (instant && !Number.isNaN(instant.getTime()) && known && typeof key === 'string')
      return { at: instant, kind: known, key };
  }
  throw invalidFields([
    { pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' },
  ]);
}
