import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { type GateJudgement, type ModelEntry, ModelRegistry } from '../../learning/index.js';
import { PromoteModel, type PromoteRefused } from '../../workflows/index.js';
import { BooleanField, TextField } from '../http/fields.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { conflict, invalidFields, type Problem, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';

const MOST_WORDS = 500;

class PromotionBody {
  @TextField({ optional: true, min: 3, max: MOST_WORDS, description: 'Why; needed for a first model, where the log does not settle it, and with force.' })
  reason?: string;

  @BooleanField({ optional: true, description: 'Promote although it is not proven to be no worse; kept with the reason.' })
  force?: boolean;
}

class RollbackBody {
  @TextField({ optional: true, min: 3, max: MOST_WORDS, description: 'Why; kept with the model.' })
  reason?: string;
}

interface ChampionAnswer {
  /** Null: the fallback rules serve. */
  champion: ModelEntry | null;
}

@ApiTags('models')
@Controller('api/v1/models')
export class ModelsController {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly promotions: PromoteModel,
  ) {}

  @Get()
  @RequireScopes('read', 'train')
  @ApiOperation({ summary: 'Trained models with their cards, newest first.' })
  async list(@Query() query: PageQuery): Promise<Page<ModelEntry>> {
    const after = positionOf(readCursor(query.cursor));
    const models = await this.registry.page(query.limit + 1, after);
    return pageOf(
      models,
      query.limit,
      ({ createdAt, version }) => [createdAt.toISOString(), version],
      (model) => model,
    );
  }

  @Get(':version')
  @RequireScopes('read', 'train')
  @ApiOperation({ summary: 'One model: data, figures beside the references, limits.' })
  async get(@Param('version') version: string): Promise<ModelEntry> {
    const model = await this.registry.find(version);
    if (!model) throw unknownId('model', version);
    return model;
  }

  @Get(':version/judgement')
  @RequireScopes('read', 'train')
  @ApiOperation({
    summary: 'What the champion’s own decisions say of this model, as the gate of promotion reads them.',
    description:
      'Doubly robust difference of value a decision on what was decided after its training, with a 95 % interval; the ' +
      'segments that would lose; its calibration. Verdict: better, no-worse, undecided, worse, or no-log.',
  })
  async judge(@Param('version') version: string): Promise<{ judgement: GateJudgement | null }> {
    const judged = await this.promotions.judge(version);
    if (!judged.ok) throw refused(version, judged.error);
    return { judgement: judged.value };
  }

  @Post(':version/promotions')
  @RequireScopes('train')
  @HttpCode(HttpStatus.CREATED)
  @ApiOperation({ summary: 'Let this model serve, if it is proven no worse than the champion; else it needs a reason.' })
  async promote(
    @Param('version') version: string,
    @Body() body: PromotionBody,
    @CurrentCaller() caller: Caller,
  ): Promise<ModelEntry> {
    const asked = { reason: body.reason ?? null, force: body.force ?? false, actor: caller.memberId ?? caller.keyId };
    const promoted = await this.promotions.promote(version, asked);
    if (!promoted.ok) throw refused(version, promoted.error);
    return promoted.value;
  }

  @Post(':version/rollbacks')
  @RequireScopes('train')
  @HttpCode(HttpStatus.CREATED)
  @ApiOperation({ summary: 'Take the champion out of service; what it took the place of serves again.' })
  async rollback(
    @Param('version') version: string,
    @Body() body: RollbackBody,
    @CurrentCaller() caller: Caller,
  ): Promise<ChampionAnswer> {
    const asked = { reason: body.reason ?? null, actor: caller.memberId ?? caller.keyId };
    const done = await this.promotions.rollback(version, asked);
    if (!done.ok) throw refused(version, done.error);
    return done.value;
  }
}

function refused(version: string, { code, detail }: PromoteRefused): Problem {
  if (code === 'unknown-model') return unknownId('model', version);
  if (code === 'reason-needed') return invalidFields([{ pointer: '/reason', detail }]);
  return conflict(detail);
}

function positionOf(cursor: unknown): { createdAt: Date; version: string } | undefined {
  if (cursor === undefined) return undefined;
  const [at, version] = Array.isArray(cursor) ? cursor : [];
  const createdAt = new Date(typeof at === 'string' ? at : NaN);
  if (typeof version === 'string' && !Number.isNaN(createdAt.getTime())) return { createdAt, version };
  throw invalidFields([{ pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' }]);
}
