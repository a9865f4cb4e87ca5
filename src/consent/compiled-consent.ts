import type { ConsentAnswer, ConsentFact, ConsentQuestion } from './consent.js';
import { verdictAt } from './consent-allows.js';
import { boundaries, covers } from './covers.js';
import { explainConsent } from './explain-consent.js';

/** A stretch of time in which the facts that speak stay the same. */
interface Segment {
  /** Unix milliseconds; the first segment begins at −∞. */
  from: number;
  allowed: boolean;
  answer?: ConsentAnswer;
}

/** The answers to one question over all time. */
export class ConsentTimeline {
  private readonly segments: Segment[];

  constructor(
    private readonly covering: readonly ConsentFact[],
    private readonly question: ConsentQuestion,
  ) {
    this.segments = [-Infinity, ...boundaries(covering)].map((from) => ({
      from,
      allowed: verdictAt(covering, question, from).allowed,
    }));
  }

  allowsAt(at: number): boolean {
    return this.segments[this.indexAt(at)]?.allowed === true;
  }

  answerAt(at: number): ConsentAnswer {
    const index = this.indexAt(at);
    const segment = this.segments[index];
    if (!segment) throw new RangeError('A timeline begins at −∞');
    return (segment.answer ??= this.compose(segment, index));
  }

  /** The first refusal from `from` to just before `to`, or at `from` when both are the same; undefined when there is none. */
  refusalWithin(from: number, to: number): ConsentAnswer | undefined {
    for (let index = this.indexAt(from); index < this.segments.length; index += 1) {
      const segment = this.segments[index];
      if (!segment || (segment.from > from && segment.from >= to)) return undefined;
      if (!segment.allowed) return (segment.answer ??= this.compose(segment, index));
    }
    return undefined;
  }

  private indexAt(at: number): number {
    let index = this.segments.length - 1;
    while (index > 0 && (this.segments[index]?.from ?? 0) > at) index -= 1;
    return index;
  }

  private compose(segment: Segment, index: number): ConsentAnswer {
    const verdict = verdictAt(this.covering, this.question, segment.from);
    const turn = this.segments.slice(index + 1).find((later) => later.allowed !== segment.allowed);
    return {
      allowed: segment.allowed,
      because: explainConsent(verdict, this.covering, this.question, segment.from),
      until: turn ? new Date(turn.from) : null,
    };
  }
}

/** One contact's facts, made ready for many questions. Gives the same answers as `consentAllows`. */
export class CompiledConsent {
  private readonly optIn = new Map<string, Map<string, ConsentTimeline>>();
  private readonly optOut = new Map<string, Map<string, ConsentTimeline>>();
  /** Products and topics that facts name: only these matter for the answer. */
  private readonly products: readonly string[];
  private readonly topics: readonly string[];

  constructor(private readonly facts: readonly ConsentFact[]) {
    this.products = named(facts.map((fact) => fact.productId));
    this.topics = named(facts.map((fact) => fact.topic));
  }

  /** As `consentAllows` for these facts. */
  answer(question: ConsentQuestion, at: Date): ConsentAnswer {
    return this.timeline(question).answerAt(at.getTime());
  }

  /** The first refusal in a window (its end excluded; an instant when both ends are the same), or undefined. */
  refusalWithin(question: ConsentQuestion, from: Date, to: Date): ConsentAnswer | undefined {
    return this.timeline(question).refusalWithin(from.getTime(), to.getTime());
  }

  /** The same object for the same question, so that what follows from it can be kept under it. */
  timeline(question: ConsentQuestion): ConsentTimeline {
    const byChannel = question.channelConsent === 'opt-in' ? this.optIn : this.optOut;
    let byPurpose = byChannel.get(question.channelId);
    if (!byPurpose) byChannel.set(question.channelId, (byPurpose = new Map()));
    const key =
      question.purpose +
      matching(this.products, question.productIds) +
      matching(this.topics, question.topics);
    let timeline = byPurpose.get(key);
    if (!timeline) {
      const covering = this.facts.filter((fact) => covers(fact, question));
      byPurpose.set(key, (timeline = new ConsentTimeline(covering, question)));
    }
    return timeline;
  }
}

function named(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}

/** A letter for each of the names: `a` all of the touch's are it, `s` some are, `n` none is. */
function matching(names: readonly string[], of: readonly string[]): string {
  let letters = '';
  for (const name of names) letters += !of.includes(name) ? 'n' : of.every((one) => one === name) ? 'a' : 's';
  return letters;
}

/** Facts of one contact, in any order. */
export function compileConsent(facts: readonly ConsentFact[]): CompiledConsent {
  return new CompiledConsent(facts);
}

/** Facts of an account by contact, each compiled when first asked for. */
export function compileConsents(
  facts: readonly ConsentFact[],
): (contactId: ConsentFact['contactId']) => CompiledConsent {
  const byContact = new Map<string, ConsentFact[]>();
  for (const fact of facts) {
    const own = byContact.get(fact.contactId);
    if (own) own.push(fact);
    else byContact.set(fact.contactId, [fact]);
  }
  const compiled = new Map<string, CompiledConsent>();
  return (contactId) => {
    let own = compiled.get(contactId);
    if (!own) compiled.set(contactId, (own = new CompiledConsent(byContact.get(contactId) ?? [])));
    return own;
  };
}

/** The next instant after `at` at which any fact begins or ceases to speak; null when none is known. */
export function nextConsentChange(facts: readonly ConsentFact[], at: Date): Date | null {
  const after = boundaries(facts.filter((fact) => fact.status !== 'pending')).find(
    (instant) => instant > at.getTime(),
  );
  return after === undefined ? null : new Date(after);
}
