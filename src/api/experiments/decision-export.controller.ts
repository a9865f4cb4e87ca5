import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { Accounts } from '../../catalogue/index.js';
import {
  csvRow,
  exportColumns,
  type ExportedDecision,
  rewardKinds,
  type RewardKind,
} from '../../learning/index.js';
import { addDays, Clock } from '../../shared/index.js';
import { ExportDecisions, type ExportWanted } from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { ChoiceField, QueryBooleanField, TextField, TimeField } from '../http/fields.js';
import { invalidFields } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';

const USUAL_DAYS = 30;
const formats = ['ndjson', 'csv'] as const;
const mediaTypes = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const;

class ExportQuery {
  @TimeField({ optional: true, description: 'Decisions from here on; 30 days before `to` when left out.' })
  from?: Date;

  @TimeField({ optional: true, description: 'And before this; now when left out.' })
  to?: Date;

  @ChoiceField(formats, { optional: true, default: 'ndjson' })
  format: (typeof formats)[number] = 'ndjson';

  @TextField({
    optional: true,
    max: 100,
    default: 'logged',
    description: 'Evaluation policy: logged, greedy, rules, or model:<version>.',
  })
  policy: string = 'logged';

  @ChoiceField(rewardKinds, { optional: true, default: 'value' })
  reward: RewardKind = 'value';

  @QueryBooleanField({
    optional: true,
    default: false,
    description: 'Also decisions of which something may still come.',
  })
  includeOpen: boolean = false;
}

/** The decision log, for whoever judges policies: the columns are those that `nba evaluate ope` reads. */
@ApiTags('experiments')
@Controller('api/v1/decisions')
export class DecisionExportController {
  constructor(
    private readonly decisions: ExportDecisions,
    private readonly access: AccountAccess,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  @Get('export')
  @RequireScopes('audit', 'train')
  @ApiOperation({
    summary: 'Decisions with what came of them and what another policy would have done, as a stream.',
  })
  async export(@Query() query: ExportQuery, @CurrentCaller() caller: Caller): Promise<StreamableFile> {
    const to = query.to ?? this.clock.now();
    const from = query.from ?? addDays(to, -USUAL_DAYS);
    const member = this.access.limitedTo(caller);
    const sees: ExportWanted['sees'] = (accountIds) =>
      member === null
        ? Promise.resolve(new Set(accountIds))
        : this.accounts.assignedAmong(member, accountIds);
    const { policy, reward, includeOpen, format } = query;
    const rows = await this.decisions.rows({ from, to, policy, reward, includeOpen, sees });
    if (!rows.ok) throw invalidFields([{ pointer: '/policy', detail: rows.error }]);
    const lines = format === 'csv' ? csvLines(rows.value) : jsonLines(rows.value);
    return new StreamableFile(Readable.from(lines), {
      type: mediaTypes[format],
      disposition: `attachment; filename="decisions.${format}"`,
    });
  }
}

async function* jsonLines(rows: AsyncIterable<ExportedDecision>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

async function* csvLines(rows: AsyncIterable<ExportedDecision>): AsyncGenerator<string> {
  yield `${exportColumns.join(',')}\n`;
  for await (const row of rows) yield `${csvRow(row)}\n`;
}
