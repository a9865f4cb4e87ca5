import type { Caller } from '../../access/index.js';
import { type Catalogues, readHeader, recordFields, type RowOfCells } from '../../catalogue/index.js';
import type { ContactRule, RuleId } from '../../contact-policy/index.js';
import { err, type FieldProblem, isId, type Json, type Result } from '../../shared/index.js';
import type { EditContactRules } from '../../workflows/index.js';
import { actorOf } from '../catalogue/actor.js';
import { parseContactRule } from '../contact-rules/parse-contact-rule.js';
import { type BatchTaken, type ImportedRow, ImportHandler, rowRefused } from './import-handler.js';

const { list, number, optional, shape, text } = recordFields;
const word = optional(text());
const words = optional(list(text()));
const amount = optional(number(-Infinity, Infinity));

/** All columns that rules of some kind have; which of them a rule needs, its kind says. */
const columns = shape({
  ruleId: text(),
  kind: text(),
  limit: amount,
  days: amount,
  per: word,
  channelId: word,
  channelKind: word,
  purpose: word,
  after: word,
  scope: word,
  from: word,
  to: word,
  restDays: {
    ...words,
    cell: (cell: string) => (cell === 'country' ? cell : (words.cell?.(cell) ?? cell)),
  },
  silences: words,
  while: word,
  role: word,
  perDay: amount,
  topics: words,
  hideFrom: words,
  of: word,
});

/** Rules that limit outreach, each with its ruleId. */
export class ContactRulesImport extends ImportHandler {
  readonly kind = 'contact-rules';
  readonly scope = 'catalogue';

  constructor(
    private readonly edit: EditContactRules,
    private readonly catalogues: Catalogues,
  ) {
    super();
  }

  header(names: readonly string[]): Promise<Result<RowOfCells, FieldProblem[]>> {
    return Promise.resolve(readHeader(columns, names));
  }

  async save(rows: readonly ImportedRow[], caller: Caller): Promise<BatchTaken> {
    const { channels } = await this.catalogues.current();
    const rules = new Map<RuleId, ContactRule>();
    const refused = [];
    let accepted = 0;
    for (const { line, value } of rows) {
      const rule = await ruleOf(value, (id) => channels.has(id));
      if (rule.ok) {
        rules.set(rule.value.ruleId, rule.value);
        accepted += 1;
      } else refused.push(rowRefused(line, rule.error));
    }
    await this.edit.save([...rules.values()], actorOf(caller));
    return { accepted, refused };
  }
}

type ChannelId = NonNullable<Extract<ContactRule, { channelId?: unknown }>['channelId']>;

async function ruleOf(
  value: unknown,
  knowsChannel: (id: ChannelId) => boolean,
): Promise<Result<ContactRule, FieldProblem[]>> {
  const { ruleId, ...body } = value as { ruleId?: Json } & Record<string, Json>;
  if (!isId(ruleId))
    return err([{ pointer: '/ruleId', detail: 'must be a text of 1 to 128 characters (your own id)' }]);
  const rule = await parseContactRule(ruleId as RuleId, body);
  if (!rule.ok || !('channelId' in rule.value)) return rule;
  const { channelId } = rule.value;
  if (channelId === undefined || knowsChannel(channelId)) return rule;
  const detail = `there is no channel with id "${channelId}": create it first, or correct the id`;
  return err([{ pointer: '/channelId', detail }]);
}
