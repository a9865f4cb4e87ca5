import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import type { MemberId } from '../../catalogue/index.js';
import { RecordVisit } from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { conflict, forbidden, invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { VisitBody, visitFrom } from './visit.dto.js';

/** The reply, as far as this controller needs it. */
interface Reply {
  status(code: number): unknown;
}

@ApiTags('visits')
@Controller('api/v1/visits')
export class VisitsController {
  constructor(
    private readonly visits: RecordVisit,
    private readonly access: AccountAccess,
  ) {}

  @Post()
  @RequireScopes('feedback')
  @ApiOperation({
    summary:
      'Tell of a visit or a call: history, preferences, consent, questions, promises and tasks at once.',
    description:
      'One transaction: all of it is recorded, or nothing. What the contact refused is obeyed in it: the answer names ' +
      'the suggestions withdrawn, the touches cancelled, and those whose sending had begun (`inFlight`). Answers 201, ' +
      'or 200 with what was answered before when `visitRef` is known.',
  })
  async post(
    @Body() body: VisitBody,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    await this.access.accountOf(caller, body.contactId);
    const { visit, problems } = visitFrom(body, this.memberOf(body, caller));
    if (problems.length > 0) throw invalidFields(problems);
    if (visit.consents.length > 0 && !caller.scopes.some((scope) => scope === 'consent' || scope === 'admin'))
      throw forbidden(
        'Recording consent needs the scope consent: leave consents out, or use a key that has it.',
      );
    const result = await this.visits.run(visit, body.visitRef ?? null, {
      name: caller.memberId ?? caller.keyId,
      source: caller.source,
    });
    if (result.ok) {
      reply.status(result.value.repeated ? HttpStatus.OK : HttpStatus.CREATED);
      return result.value;
    }
    const { unknown, conflict: inTheWay, problems: wrong } = result.error;
    if (unknown) throw unknownId(unknown.kind, unknown.id);
    throw inTheWay === null ? invalidFields(wrong) : conflict(inTheWay);
  }

  private memberOf({ memberId }: VisitBody, caller: Caller): MemberId {
    const own = caller.memberId as MemberId | null;
    const named = memberId ?? own;
    if (named === null)
      throw invalidFields([{ pointer: '/memberId', detail: 'is required: who was there?' }]);
    if (this.access.limitedTo(caller) !== null && named !== own)
      throw invalidFields([
        { pointer: '/memberId', detail: 'must be your own: members tell of their own visits' },
      ]);
    return named;
  }
}
