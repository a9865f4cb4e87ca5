import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { Catalogues } from '../../catalogue/index.js';
import { type ContactRule, ContactRuleBook, type RuleId } from '../../contact-policy/index.js';
import { isId, type Json } from '../../shared/index.js';
import { type DryRun, DryRunContactRules, EditContactRules } from '../../workflows/index.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { DryRunBody, ruleBodies } from './contact-rule.dto.js';
import { parseContactRule, parseContactRules } from './parse-contact-rule.js';

const bodies = Object.values(ruleBodies);

@ApiTags('contact policy')
@ApiExtraModels(...bodies)
@Controller('api/v1/contact-rules')
export class ContactRulesController {
  constructor(
    private readonly book: ContactRuleBook,
    private readonly edit: EditContactRules,
    private readonly dry: DryRunContactRules,
    private readonly catalogues: Catalogues,
  ) {}

  @Get()
  @RequireScopes('read', 'catalogue')
  @ApiOperation({ summary: 'The rules that limit outreach, by id.' })
  async list(@Query() query: PageQuery): Promise<Page<ContactRule>> {
    const after = readCursor(query.cursor);
    if (after !== undefined && !isId(after))
      throw invalidFields([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
    const rules = await this.book.page((after ?? null) as RuleId | null, query.limit + 1);
    return pageOf(
      rules,
      query.limit,
      (rule) => rule.ruleId,
      (rule) => rule,
    );
  }

  @Get(':ruleId')
  @RequireScopes('read', 'catalogue')
  @ApiOperation({ summary: 'One rule.' })
  async get(@Param('ruleId') ruleId: RuleId): Promise<ContactRule> {
    const rule = await this.book.find(ruleId);
    if (!rule) throw unknownId('contact rule', ruleId);
    return rule;
  }

  @Put(':ruleId')
  @RequireScopes('catalogue')
  @ApiOperation({ summary: 'Create or replace a rule. It holds for every decision and touch from now on.' })
  @ApiBody({ schema: { oneOf: bodies.map((body) => ({ $ref: getSchemaPath(body) })) } })
  async put(
    @Param('ruleId') ruleId: RuleId,
    @Body() body: Json,
    @CurrentCaller() caller: Caller,
  ): Promise<ContactRule> {
    if (!isId(ruleId)) throw invalidFields([{ pointer: '/ruleId', detail: 'must have 1 to 128 characters' }]);
    const rule = await parseContactRule(ruleId, body);
    if (!rule.ok) throw invalidFields(rule.error);
    await this.ensureChannel(rule.value);
    await this.edit.save([rule.value], caller.memberId ?? caller.keyId);
    return rule.value;
  }

  @Post('dry-runs')
  @RequireScopes('catalogue', 'read')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'What these rules would have refused of the touches of a period.',
    description:
      'Rules that need more than the touches of then are named in `notReplayed`. Nothing is changed.',
  })
  async dryRun(@Body() body: DryRunBody): Promise<DryRun> {
    const rules = await parseContactRules(body.rules);
    if (!rules.ok) throw invalidFields(rules.error);
    if (body.to <= body.from) throw invalidFields([{ pointer: '/to', detail: 'must be later than from' }]);
    return this.dry.run(rules.value, body.from, body.to);
  }

  @Delete(':ruleId')
  @RequireScopes('catalogue')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Remove a rule.' })
  async remove(@Param('ruleId') ruleId: RuleId, @CurrentCaller() caller: Caller): Promise<void> {
    if (!(await this.edit.remove(ruleId, caller.memberId ?? caller.keyId)))
      throw unknownId('contact rule', ruleId);
  }

  private async ensureChannel(rule: ContactRule): Promise<void> {
    if (!('channelId' in rule) || rule.channelId === undefined) return;
    const { channels } = await this.catalogues.current();
    if (!channels.has(rule.channelId)) throw unknownId('channel', rule.channelId);
  }
}
