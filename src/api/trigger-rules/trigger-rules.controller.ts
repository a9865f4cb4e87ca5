import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import {
  type StoredTriggerRule,
  type TriggerRule,
  TriggerRuleBook,
  type TriggerRuleId,
} from '../../alerts/index.js';
import { isId, type Json } from '../../shared/index.js';
import { DryRunTriggerRule, EditTriggerRules, type TriggerDryRun } from '../../workflows/index.js';
import { actorOf } from '../catalogue/actor.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { parseTriggerRule } from './parse-trigger-rule.js';
import { TriggerDryRunBody, TriggerRuleBody } from './trigger-rule.dto.js';

type ListedRule = TriggerRule & { version: number };

@ApiTags('alerts')
@ApiExtraModels(TriggerRuleBody)
@Controller('api/v1/trigger-rules')
export class TriggerRulesController {
  constructor(
    private readonly book: TriggerRuleBook,
    private readonly edit: EditTriggerRules,
    private readonly dry: DryRunTriggerRule,
  ) {}

  @Get()
  @RequireScopes('read', 'catalogue')
  @ApiOperation({ summary: 'The rules by which alerts are raised, by id.' })
  async list(@Query() query: PageQuery): Promise<Page<ListedRule>> {
    const after = readCursor(query.cursor);
    if (after !== undefined && !isId(after))
      throw invalidFields([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
    const rules = await this.book.page((after ?? null) as TriggerRuleId | null, query.limit + 1);
    return pageOf(rules, query.limit, ({ rule }) => rule.ruleId, listed);
  }

  @Get(':ruleId')
  @RequireScopes('read', 'catalogue')
  @ApiOperation({ summary: 'One rule.' })
  async get(@Param('ruleId') ruleId: TriggerRuleId): Promise<ListedRule> {
    const stored = await this.book.find(ruleId);
    if (!stored) throw unknownId('trigger rule', ruleId);
    return listed(stored);
  }

  @Put(':ruleId')
  @RequireScopes('catalogue')
  @ApiOperation({
    summary: 'Create or replace a rule.',
    description:
      'Its expressions are checked against the attribute schemas and features of now. Each change is a version.',
  })
  @ApiBody({ schema: { $ref: getSchemaPath(TriggerRuleBody) } })
  async put(
    @Param('ruleId') ruleId: TriggerRuleId,
    @Body() body: Json,
    @CurrentCaller() caller: Caller,
  ): Promise<ListedRule> {
    if (!isId(ruleId)) throw invalidFields([{ pointer: '/ruleId', detail: 'must have 1 to 128 characters' }]);
    const rule = await parseTriggerRule(ruleId, body);
    if (!rule.ok) throw invalidFields(rule.error);
    const saved = await this.edit.save(rule.value, actorOf(caller));
    if (!saved.ok) throw invalidFields(saved.error);
    return listed(saved.value);
  }

  @Post(':ruleId/dry-runs')
  @RequireScopes('catalogue', 'read')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'The alerts that a rule would have raised in a period.',
    description:
      'By the code that checks live events, over the whole log. Nothing is changed, nobody is told.',
  })
  async dryRun(
    @Param('ruleId') ruleId: TriggerRuleId,
    @Body() { from, to }: TriggerDryRunBody,
  ): Promise<TriggerDryRun> {
    if (to <= from) throw invalidFields([{ pointer: '/to', detail: 'must be later than from' }]);
    const result = await this.dry.run(ruleId, from, to);
    if (!result) throw unknownId('trigger rule', ruleId);
    return result;
  }

  @Delete(':ruleId')
  @RequireScopes('catalogue')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Remove a rule. What it has raised stays.' })
  async remove(@Param('ruleId') ruleId: TriggerRuleId, @CurrentCaller() caller: Caller): Promise<void> {
    if (!(await this.edit.remove(ruleId, actorOf(caller)))) throw unknownId('trigger rule', ruleId);
  }
}

function listed({ rule, version }: StoredTriggerRule): ListedRule {
  return { ...rule, version };
}
