import { sha256 } from '../../shared/index.js';
import { escaped } from '../mail/mail-layout.js';
import type { Mail } from '../mailer.js';
import { type DigestContent, type DueEntry, entriesOf } from './digest-content.js';
import { type DigestWords, digestWords } from './digest-words.js';

/** For whom, when and from where a digest is written. */
export interface DigestEnvelope {
  memberId: string;
  name: string;
  address: string;
  /** BCP 47. */
  locale: string | null;
  timeZone: string;
  period: string;
  weekly: boolean;
  /** Hour of her day at which it comes. */
  hour: number;
  now: Date;
  /** Of the desk, without a path. */
  deskUrl: string;
  offUrl: string;
}

interface Entry {
  title: string;
  path: string;
  /** Under the title, one a line. */
  lines: string[];
  /** Said quietly. */
  facts: string[];
}

interface Section {
  title: string;
  entries: Entry[];
  more: number;
}

/** The mail of a digest: the same in HTML, from right to left in Persian, and in plain text. */
export function digestMail(content: DigestContent, envelope: DigestEnvelope): Mail {
  const words = digestWords(envelope.locale);
  const sections = sectionsOf(content, envelope, words).filter(({ entries }) => entries.length > 0);
  const subject = subjectOf(content, envelope, words);
  return {
    mailId: `digest-${sha256(envelope.memberId).slice(0, 16)}-${envelope.period}`,
    to: { name: envelope.name, address: envelope.address },
    subject,
    text: textOf(sections, envelope, words),
    html: htmlOf(subject, sections, envelope, words),
    unsubscribe: { url: envelope.offUrl },
    language: words.locale.split('-')[0] ?? 'en',
  };
}

function subjectOf(content: DigestContent, { weekly }: DigestEnvelope, words: DigestWords): string {
  const { counted, locale } = words;
  const plural = new Intl.PluralRules(locale);
  const entries = entriesOf(content);
  const parts = (['alerts', 'suggestions', 'tasks', 'promises'] as const).flatMap((kind) => {
    const count = entries[kind];
    return count === 0 ? [] : [counted[kind](number(count, words), plural.select(count))];
  });
  return words.subject(parts, weekly);
}

function sectionsOf(content: DigestContent, envelope: DigestEnvelope, words: DigestWords): Section[] {
  const due = ({ about, account, dueAt, overdue, path }: DueEntry): Entry => ({
    title: about,
    path,
    lines: [],
    facts: [
      ...(account === null ? [] : [account]),
      ...(dueAt === null ? [] : [(overdue ? words.overdue : words.due)(time(dueAt, envelope, words))]),
    ],
  });
  return [
    {
      title: words.alerts,
      entries: content.alerts.map(({ title, message, validUntil, path }) => ({
        title,
        path,
        lines: message === title ? [] : [message],
        facts: [words.until(time(validUntil, envelope, words))],
      })),
      more: content.moreAlerts,
    },
    {
      title: words.suggestions,
      entries: content.suggestions.map(({ headline, account, reasons, path }) => ({
        title: headline,
        path,
        lines: reasons,
        facts: account === null ? [] : [account],
      })),
      more: 0,
    },
    { title: words.tasks, entries: content.tasks.map(due), more: content.moreTasks },
    { title: words.promises, entries: content.promises.map(due), more: content.morePromises },
  ];
}

function textOf(sections: readonly Section[], envelope: DigestEnvelope, words: DigestWords): string {
  const { deskUrl, weekly, offUrl, name } = envelope;
  const blocks = sections.map(({ title, entries, more }) => {
    const items = entries.map((entry) =>
      [
        `* ${entry.title}`,
        ...entry.lines.map((line) => `  ${line}`),
        ...(entry.facts.length > 0 ? [`  (${entry.facts.join(' · ')})`] : []),
        `  ${link(entry.path, envelope)}`,
      ].join('\n'),
    );
    const rest = more > 0 ? [words.more(number(more, words))] : [];
    return [title.toUpperCase(), ...items, ...rest].join('\n\n');
  });
  const footer = [
    words.why(weekly, hourOf(envelope, words)),
    `${words.settings}: ${new URL('/settings', deskUrl).href}`,
    `${words.off}: ${offUrl}`,
  ];
  return [
    `${words.greeting(name)}\n${words.intro(weekly)}`,
    ...blocks,
    ['-- ', ...footer, ''].join('\n'),
  ].join('\n\n');
}

const INK = '#1c2321';
const QUIET = '#53605c';
const BRAND = '#1d5c4d';

/** One column, no pictures, no style sheet: what every mail program shows alike. Nothing of the content is markup. */
function htmlOf(
  subject: string,
  sections: readonly Section[],
  envelope: DigestEnvelope,
  words: DigestWords,
): string {
  const { direction } = words;
  const language = words.locale.split('-')[0] ?? 'en';
  const body = [
    `<p style="margin:0 0 4px;font-size:18px"><strong>${escaped(words.greeting(envelope.name))}</strong></p>`,
    `<p style="margin:0 0 8px">${escaped(words.intro(envelope.weekly))}</p>`,
    ...sections.map((section) => sectionHtml(section, envelope, words)),
    `<p style="margin:28px 0 0"><a href="${escaped(envelope.deskUrl)}" style="display:inline-block;padding:10px 20px;border-radius:8px;background:${BRAND};color:#ffffff;text-decoration:none;font-weight:bold">${escaped(words.open)}</a></p>`,
    footerHtml(envelope, words),
  ];
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escaped(subject)}</title></head>
<body style="margin:0;background:#f6f5f1;color:${INK}">
<div dir="${direction}" style="max-width:600px;margin:0 auto;padding:24px;background:#ffffff;color:${INK};font:16px/1.55 system-ui,'Segoe UI',Tahoma,sans-serif;text-align:start">
${body.join('\n')}
</div>
</body>
</html>
`;
}

function sectionHtml(
  { title, entries, more }: Section,
  envelope: DigestEnvelope,
  words: DigestWords,
): string {
  const items = entries.map(({ title: head, path, lines, facts }) => {
    const said = lines.map((line) => `<div style="margin-top:2px">${escaped(line)}</div>`).join('');
    const told = facts.map((fact) => `<bdi>${escaped(fact)}</bdi>`).join(' · ');
    const quiet =
      told === '' ? '' : `<div style="margin-top:2px;color:${QUIET};font-size:14px">${told}</div>`;
    return (
      `<li style="margin:0;padding:10px 0;border-top:1px solid #dcdcd4">` +
      `<a href="${escaped(link(path, envelope))}" style="color:${BRAND};font-weight:bold;text-decoration:none">${escaped(head)}</a>` +
      `${said}${quiet}</li>`
    );
  });
  const rest =
    more > 0
      ? `<p style="margin:4px 0 0;color:${QUIET}">${escaped(words.more(number(more, words)))}</p>`
      : '';
  return `<h2 style="margin:26px 0 8px;font-size:15px;color:${QUIET}">${escaped(title)}</h2>
<ul style="list-style:none;margin:0;padding:0">
${items.join('\n')}
</ul>${rest}`;
}

function footerHtml(envelope: DigestEnvelope, words: DigestWords): string {
  const style = `style="color:${QUIET}"`;
  const settings = new URL('/settings', envelope.deskUrl).href;
  return (
    `<p style="margin:32px 0 0;padding-top:12px;border-top:1px solid #dcdcd4;color:${QUIET};font-size:13px">` +
    `${escaped(words.why(envelope.weekly, hourOf(envelope, words)))} ` +
    `<a href="${escaped(settings)}" ${style}>${escaped(words.settings)}</a> · ` +
    `<a href="${escaped(envelope.offUrl)}" ${style}>${escaped(words.off)}</a></p>`
  );
}

function link(path: string, { deskUrl }: DigestEnvelope): string {
  return new URL(path, deskUrl).href;
}

function number(count: number, { locale }: DigestWords): string {
  return new Intl.NumberFormat(locale).format(count);
}

/** "Mon 2 March, 18:00", by the calendar and in the zone of the reader. */
function time(at: Date, { timeZone }: DigestEnvelope, { locale }: DigestWords): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(at);
}

function hourOf({ hour }: DigestEnvelope, { locale }: DigestWords): string {
  const shown = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  return shown.format(new Date(Date.UTC(2000, 0, 1, hour)));
}
