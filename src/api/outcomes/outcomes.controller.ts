import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import type { AccountId, ContactId, OutcomeId } from '../../catalogue/index.js';
import type { Outcome } from '../../outcomes/index.js';
import type { DecisionId, SuggestionId } from '../../recommender/index.js';
import { RecordOutcome } from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { IdField, NumberField, TimeField } from '../http/fields.js';
import { invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';

class OutcomeBody {
  @IdField({ description: 'Your own reference: sending it again changes nothing.' })
  outcomeRef!: string;

  @IdField({ description: 'Which outcome it is: an outcome definition of the catalogue.' })
  outcomeId!: string;

  @IdField()
  accountId!: string;

  @IdField({ optional: true, nullable: true })
  contactId?: string | null;

  @NumberField({ optional: true, nullable: true, description: 'In the configured currency.' })
  value?: number | null;

  @TimeField()
  occurredAt!: Date;

  @IdField({ optional: true, nullable: true, description: 'The decision that led to it, where you know it.' })
  decisionId?: string | null;

  @IdField({
    optional: true,
    nullable: true,
    description: 'The suggestion that led to it, where you know it.',
  })
  suggestionId?: string | null;
}

/** The reply, as far as this controller needs it. */
interface Reply {
  status(code: number): unknown;
}

@ApiTags('outcomes')
@Controller('api/v1/outcomes')
export class OutcomesController {
  constructor(
    private readonly outcomes: RecordOutcome,
    private readonly access: AccountAccess,
  ) {}

  @Post()
  @RequireScopes('feedback')
  @ApiOperation({
    summary: 'Report a business fact. Answers 201, or 200 with what is stored when the reference is known.',
    description:
      'A decision or suggestion that is named as having led to it must be of the same account, or the report is refused.',
  })
  async report(
    @Body() body: OutcomeBody,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Outcome> {
    await this.access.ensureSees(caller, body.accountId as AccountId);
    const recorded = await this.outcomes.one({
      outcomeRef: body.outcomeRef,
      outcomeId: body.outcomeId as OutcomeId,
      accountId: body.accountId as AccountId,
      contactId: (body.contactId ?? null) as ContactId | null,
      value: body.value ?? null,
      occurredAt: body.occurredAt,
      decisionId: (body.decisionId ?? null) as DecisionId | null,
      suggestionId: (body.suggestionId ?? null) as SuggestionId | null,
    });
    if (!recorded.ok) {
      const { unknown, problems } = recorded.error;
      throw unknown ? unknownId(unknown.kind, unknown.id, problems) : invalidFields(problems);
    }
    reply.status(recorded.value.created ? HttpStatus.CREATED : HttpStatus.OK);
    return recorded.value.outcome;
  }
}
