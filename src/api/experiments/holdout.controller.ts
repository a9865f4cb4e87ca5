import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { addDays, Clock } from '../../shared/index.js';
import {
  holdoutPeriods,
  type HoldoutPeriod,
  type HoldoutReport,
  ReportHoldout,
} from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { ChoiceField, TextField, TimeField } from '../http/fields.js';
import { forbidden, invalidFields } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';

const USUAL_DAYS = 90;

class HoldoutQuery {
  @TimeField({ optional: true, description: 'Outcomes from here on; 90 days before `to` when left out.' })
  from?: Date;

  @TimeField({ optional: true, description: 'And before this; now when left out.' })
  to?: Date;

  @ChoiceField(holdoutPeriods, { optional: true, default: 'week', description: 'Also by week or month.' })
  by: HoldoutPeriod = 'week';

  @TextField({
    optional: true,
    max: 100,
    default: '1',
    description: 'Of the resampling: the same gives the same.',
  })
  seed: string = '1';
}

/** What serving the model has caused, measured against the accounts that are served the declared rules. */
@ApiTags('experiments')
@Controller('api/v1/experiments')
export class HoldoutController {
  constructor(
    private readonly report: ReportHoldout,
    private readonly access: AccountAccess,
    private readonly clock: Clock,
  ) {}

  @Get('holdout')
  @RequireScopes('read', 'train')
  @ApiOperation({
    summary:
      'Outcomes and their value per account, treated beside held out, with 95 % intervals from resampling accounts.',
  })
  async holdout(@Query() query: HoldoutQuery, @CurrentCaller() caller: Caller): Promise<HoldoutReport> {
    if (this.access.limitedTo(caller) !== null)
      throw forbidden('The comparison is over all accounts, and you see your own only.');
    const to = query.to ?? this.clock.now();
    const from = query.from ?? addDays(to, -USUAL_DAYS);
    if (from >= to) throw invalidFields([{ pointer: '/from', detail: `must be before ${to.toISOString()}` }]);
    return this.report.run({ from, to, by: query.by, seed: query.seed });
  }
}
