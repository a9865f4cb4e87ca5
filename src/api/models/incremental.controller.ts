import { Body, Controller, Get, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { type IncrementalEntry, IncrementalStore } from '../../learning/index.js';
import { addDays, Clock } from '../../shared/index.js';
import { type IncrementalRefused, LearnIncremental, SwitchIncremental } from '../../workflows/index.js';
import { BooleanField, NumberField, TextField } from '../http/fields.js';
import { conflict, invalidFields, type Problem, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';

const MOST_WORDS = 500;
const USUAL_DAYS = 180;
const MOST_DAYS = 1000;

class LearningBody {
  @NumberField({ optional: true, min: 1, max: MOST_DAYS, default: USUAL_DAYS, description: 'Of the decision log, up to now.' })
  days: number = USUAL_DAYS;
}

class SwitchBody {
  @TextField({ optional: true, max: 64, description: 'Head by which the whole catalogue is valued; absent: by propensity.' })
  version?: string;

  @TextField({ optional: true, min: 3, max: MOST_WORDS, description: 'Why; needed with force.' })
  reason?: string;

  @BooleanField({ optional: true, description: 'Although its effects are not proven; kept with the reason.' })
  force?: boolean;
}

interface IncrementalAnswer {
  /** What the whole catalogue is valued by. */
  valuedBy: 'propensity' | 'incremental';
  serving: IncrementalEntry | null;
  heads: IncrementalEntry[];
}

@ApiTags('models')
@Controller('api/v1/incremental')
export class IncrementalController {
  constructor(
    private readonly store: IncrementalStore,
    private readonly learning: LearnIncremental,
    private readonly switching: SwitchIncremental,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScopes('read', 'train')
  @ApiOperation({ summary: 'What the catalogue is valued by: propensity, or what suggestions add; and the heads that were learned.' })
  async show(): Promise<IncrementalAnswer> {
    const heads = await this.store.list();
    const serving = heads.find((head) => head.serving) ?? null;
    return { valuedBy: serving ? 'incremental' : 'propensity', serving, heads };
  }

  @Post('heads')
  @RequireScopes('train')
  @HttpCode(HttpStatus.CREATED)
  @ApiOperation({ summary: 'Learn from the decision log what suggestions add. Refused, with what is missing, where the log does not suffice.' })
  async learn(@Body() { days }: LearningBody, @CurrentCaller() caller: Caller): Promise<IncrementalEntry> {
    const to = this.clock.now();
    const learned = await this.learning.run({ from: addDays(to, -days), to, actor: caller.memberId ?? caller.keyId });
    if (!learned.ok) throw conflict(learned.error.detail);
    return learned.value;
  }

  @Post('switches')
  @RequireScopes('train')
  @HttpCode(HttpStatus.CREATED)
  @ApiOperation({ summary: 'Value the whole catalogue by a head, or by propensity again.' })
  async turn(@Body() body: SwitchBody, @CurrentCaller() caller: Caller): Promise<IncrementalAnswer> {
    const asked = { reason: body.reason ?? null, force: body.force ?? false, actor: caller.memberId ?? caller.keyId };
    const done = await this.switching.run(body.version ?? null, asked);
    if (!done.ok) throw refused(body.version ?? '', done.error);
    return this.show();
  }
}

function refused(version: string, { code, detail }: IncrementalRefused): Problem {
  if (code === 'unknown-head') return unknownId('incremental head', version);
  if (code === 'reason-needed') return invalidFields([{ pointer: '/reason', detail }]);
  return conflict(detail);
}
