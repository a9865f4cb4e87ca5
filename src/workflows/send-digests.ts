import { IANAZone } from 'luxon';
import type { MemberId } from '../catalogue/index.js';
import {
  type ClaimedDigest,
  type DigestContent,
  type DigestEnd,
  type DigestLinks,
  digestMail,
  type DigestPlace,
  type DigestReader,
  type DigestEntries,
  type Digests,
  type DigestSettings,
  entriesOf,
  isEmptyDigest,
  type Mail,
  type Mailer,
  type MailReceipt,
  nextAfter,
  periodAt,
} from '../delivery/index.js';
import { type Clock, HOUR, type Ids, MINUTE } from '../shared/index.js';
import type { ComposeDigest } from './send-digests-content.js';

export interface SendDigestsParts {
  settings: DigestSettings;
  digests: Digests;
  compose: ComposeDigest;
  links: DigestLinks;
  mailer: Mailer;
  clock: Clock;
  ids: Ids;
  /** IANA zone of members without one of their own. */
  timeZone: string;
  /** Told when something of ours failed. */
  troubled: (cause: unknown) => void;
}

export interface DigestsDone {
  sent: number;
  /** Of whom there was nothing to say. */
  empty: number;
  failed: number;
}

/** Whoever composes and sends a digest has done so within this time, or died. */
const LEASE_MINUTES = 10;
/** Waits after a passing refusal; after the last one it is given up. */
const RETRY_MINUTES: readonly number[] = [1, 5, 15, 60];
const COMPOSE_AGAIN_MINUTES = 5;
const AT_ONCE = 20;
/** Accounts change hands seldom, and counting them for everybody each minute is work. */
const COUNTRY_KNOWN_FOR = HOUR;

/**
 * Sends digests to members whose hour has come: one a member and period, whatever crashes. Composing may be done twice;
 * from the moment the mail may have left, it is never sent again.
 */
export class SendDigests {
  private readonly countries = new Map<MemberId, string | null>();
  private countriesUntil = 0;

  constructor(private readonly parts: SendDigestsParts) {}

  /** Everything that is due at a time. Safe to run in any number of processes at once. */
  async runDue(at: Date): Promise<DigestsDone> {
    const { digests, ids } = this.parts;
    await digests.giveUp(at);
    await this.note(at);
    const done: DigestsDone = { sent: 0, empty: 0, failed: 0 };
    for (;;) {
      const lease = new Date(at.getTime() + LEASE_MINUTES * MINUTE);
      const due = await digests.take(at, lease, ids.next(), AT_ONCE);
      for (const one of due) {
        const end = await this.send(one, at);
        if (end === 'lost') continue;
        await digests.end(one, end, this.parts.clock.now());
        if (end.state === 'sent') done.sent += 1;
        else if (end.state === 'empty') done.empty += 1;
        else done.failed += 1;
      }
      if (due.length < AT_ONCE) return done;
    }
  }

  /** Where a member works: her zone, and the country of her locale or of most of her accounts. */
  async placeOf(reader: DigestReader): Promise<DigestPlace> {
    return this.place(
      reader,
      (await this.parts.settings.countriesOf([reader.memberId])).get(reader.memberId),
    );
  }

  private async note(at: Date): Promise<void> {
    const { settings, digests } = this.parts;
    const readers = await settings.readers();
    await this.learnCountries(readers, at);
    const due = readers.flatMap((reader) => {
      const period = periodAt(reader.setting, this.place(reader, this.countries.get(reader.memberId)), at);
      return period ? [{ ...period, memberId: reader.memberId }] : [];
    });
    await digests.note(due, at);
  }

  private async learnCountries(readers: readonly DigestReader[], at: Date): Promise<void> {
    if (at.getTime() >= this.countriesUntil || at.getTime() < this.countriesUntil - COUNTRY_KNOWN_FOR) {
      this.countries.clear();
      this.countriesUntil = at.getTime() + COUNTRY_KNOWN_FOR;
    }
    const unknown = readers
      .map(({ memberId }) => memberId)
      .filter((memberId) => !this.countries.has(memberId));
    if (unknown.length === 0) return;
    const found = await this.parts.settings.countriesOf(unknown);
    for (const memberId of unknown) this.countries.set(memberId, found.get(memberId) ?? null);
  }

  private place({ timeZone, locale }: DigestReader, ofAccounts: string | null | undefined): DigestPlace {
    const isZone = timeZone !== null && IANAZone.isValidZone(timeZone);
    return {
      timeZone: isZone ? timeZone : this.parts.timeZone,
      country: regionOf(locale) ?? ofAccounts ?? null,
    };
  }

  /** One that cannot be put together holds up nobody else's. */
  private async send(digest: ClaimedDigest, at: Date): Promise<DigestEnd | 'lost'> {
    const { digests, mailer, clock, troubled } = this.parts;
    const ready = await this.compose(digest, at).catch((cause: unknown): DigestEnd => {
      troubled(cause);
      const nextTryAt = new Date(clock.now().getTime() + COMPOSE_AGAIN_MINUTES * MINUTE);
      return { state: 'due', nextTryAt, because: 'it could not be put together' };
    });
    if ('state' in ready) return ready;
    if (!(await digests.begin(digest, ready.entries, clock.now()))) return 'lost';
    try {
      return this.endOf(digest, await mailer.send(ready.mail));
    } catch (cause) {
      troubled(cause);
      return { state: 'unknown', because: 'handing it over failed' };
    }
  }

  private async compose(
    digest: ClaimedDigest,
    at: Date,
  ): Promise<DigestEnd | { mail: Mail; entries: DigestEntries }> {
    const { settings, compose } = this.parts;
    const reader = await settings.find(digest.memberId);
    if (!reader?.email) return { state: 'failed', because: 'no address is known' };
    if (reader.setting.cadence === 'off')
      return { state: 'failed', because: 'it was switched off meanwhile' };
    const place = await this.placeOf(reader);
    const nextAt = nextAfter(reader.setting, place, at) ?? digest.until;
    const content = await compose.run(reader, { nextAt });
    if (isEmptyDigest(content)) return { state: 'empty' };
    const mail = this.mailOf(digest, { ...reader, email: reader.email }, place, content);
    return { mail, entries: entriesOf(content) };
  }

  private mailOf(
    { memberId, period }: Pick<ClaimedDigest, 'memberId' | 'period'>,
    reader: DigestReader & { email: string },
    { timeZone }: DigestPlace,
    content: DigestContent,
  ): Mail {
    const { links, clock } = this.parts;
    return digestMail(content, {
      memberId,
      name: reader.name,
      address: reader.email,
      locale: reader.locale,
      timeZone,
      period,
      weekly: reader.setting.cadence === 'weekly',
      hour: reader.setting.hour,
      now: clock.now(),
      deskUrl: links.publicUrl,
      offUrl: links.offUrl({ memberId, period }),
    });
  }

  private endOf({ attempts, until }: ClaimedDigest, receipt: MailReceipt): DigestEnd {
    if (receipt.status === 'accepted') return { state: 'sent' };
    if (receipt.status === 'uncertain') return { state: 'unknown', because: receipt.because };
    const wait = receipt.permanent ? undefined : RETRY_MINUTES[attempts];
    if (wait === undefined) return { state: 'failed', because: receipt.because };
    const nextTryAt = new Date(this.parts.clock.now().getTime() + wait * MINUTE);
    if (nextTryAt >= until) return { state: 'failed', because: receipt.because };
    return { state: 'due', nextTryAt, because: receipt.because };
  }
}

/** The region that a locale names, such as DE of `de-DE`. */
function regionOf(locale: string | null): string | undefined {
  const region = locale?.split('-').find((part, place) => place > 0 && /^[A-Za-z]{2}$/.test(part));
  return region?.toUpperCase();
}
