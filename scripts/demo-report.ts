import { ceilingOf, type OutcomeName, outcomeNames, type TrueTouch, withinDays } from '../src/demo/index.js';
import { ADA_JONES } from '../src/demo/index.js';
import type { HeadEvaluation } from '../src/learning/index.js';
import type { Tally } from '../src/rescoring/index.js';
import { addDays } from '../src/shared/index.js';
import { bold, dim, table } from './terminal.js';

/** What `nba demo` prints. */
export interface DemoReport extends Quality {
  simulated: true;
  /** The whole demo, without starting the service. */
  seconds: number;
  accounts: number;
  events: number;
  /** Null when the territory was loaded by an earlier run. */
  eventsPerSecond: number | null;
  loadedBefore: boolean;
  /** When the simulated history ends. */
  until: string;
  run: Tally & { state: string; accounts: number; accountsPerSecond: number | null };
  /** Dr. Ada Jones; where nothing is suggested for her this time, after her one for whom something is. */
  stories: Story[];
  url: string;
  key: string;
}

interface Score {
  auc: number | null;
  logLoss: number | null;
}

export interface Quality {
  model: string;
  quality: {
    outcome: string;
    touches: number;
    /** Touches on which the truth is judged: the same. */
    truthTouches: number;
    baseRate: number;
    model: Score;
    meanOfEachAction: Score;
    baseRateAlone: Score;
    /** The simulator's own probabilities on the same touches: nobody can do better, but by luck. */
    truth: Score;
  }[];
}

/** The parts of an answer of POST /api/v1/recommendations that are shown. */
export interface Recommended {
  decisionId: string;
  decidedAt: string;
  noAction: { reason: string } | null;
  suggestions: {
    action: { name: string; intent: string; purpose: string };
    channelId: string;
    productId: string | null;
    performedBy: { role: string; memberId: string | null };
    slot: { from: string; to: string; timeZone: string };
    propensity: number;
    value: number;
    priority: number;
    inclusionProbability: number | null;
    reasons: { text: string; evidence: { name: string; at: string }[] }[];
  }[];
  suppressed: { rule: string; count: number }[];
}

export interface Story {
  account: string;
  answer: Recommended;
}

/** Model, references and truth on the same touches: those since `from` whose windows had closed at `asOf`. */
export function qualityOf(
  version: string,
  heads: readonly HeadEvaluation[],
  truth: readonly TrueTouch[],
  { from, asOf }: { from: Date; asOf: Date },
): Quality {
  const score = ({ auc, logLoss }: Score): Score => ({ auc, logLoss });
  return {
    model: version,
    quality: heads.flatMap(({ outcomeId, model, byAction, baseRate }) => {
      const outcome = outcomeNames.find((name): name is OutcomeName => name === outcomeId);
      if (!outcome) return [];
      const closed = addDays(asOf, -withinDays[outcome]);
      const ceiling = ceilingOf(
        outcome,
        truth.filter(({ at }) => at >= from && at <= closed),
      );
      return [
        {
          outcome,
          touches: model.rows,
          truthTouches: ceiling.touches,
          baseRate: model.positives / Math.max(1, model.rows),
          model: score(model),
          meanOfEachAction: score(byAction),
          baseRateAlone: score(baseRate),
          truth: score(ceiling),
        },
      ];
    }),
  };
}

export function describeDemo(report: DemoReport): string {
  return [
    '',
    bold('Next best action: a simulated pharma territory'),
    dim('Simulated data. Every person, medicine and number in it was made up.'),
    '',
    table(overview(report)),
    '',
    bold('How well the model foretells') + dim('  on touches that it was not trained on'),
    table(qualityRows(report)),
    '',
    bold('Suggestions per channel'),
    table(counts(report.run.suggestionsByChannel)),
    '',
    bold('Candidates that were refused, per rule'),
    table(counts(report.run.suppressedByRule)),
    '',
    ...report.stories.flatMap(({ account, answer }) => [bold(`One account: ${account}`), story(answer), '']),
    bold('Where to look'),
    whereToLook(report),
    '',
  ].join('\n');
}

function overview(report: DemoReport): (string | number)[][] {
  const { run, eventsPerSecond, loadedBefore } = report;
  const speed = loadedBefore ? 'loaded by an earlier run' : `${whole(eventsPerSecond ?? 0)} a second`;
  const nightly = run.accountsPerSecond === null ? '' : `${whole(run.accountsPerSecond)} accounts a second`;
  return [
    ['accounts', whole(report.accounts), ''],
    ['events', whole(report.events), speed],
    ['decisions', whole(run.decided), nightly],
    ['no action', whole(run.noAction), 'accounts for which waiting is best, or all is refused'],
    ['took', `${report.seconds} s`, ''],
  ];
}

function qualityRows({ quality }: DemoReport): (string | number)[][] {
  const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
  const rows = quality.flatMap((head) => {
    const about = `${head.outcome}, ${head.touches} touches, ${(100 * head.baseRate).toFixed(1)} % happened`;
    const scores = {
      'base rate': head.baseRateAlone,
      'mean of each action': head.meanOfEachAction,
      model: head.model,
      'the truth itself': head.truth,
    };
    return Object.entries(scores).map(([name, score], index) => [
      index === 0 ? about : '',
      name,
      figure(score.auc),
      figure(score.logLoss),
    ]);
  });
  return [['OUTCOME', 'BY', 'AUC', 'LOG-LOSS'], ...rows];
}

function counts(record: Readonly<Record<string, number>>): (string | number)[][] {
  const rows = Object.entries(record).sort(([, a], [, b]) => b - a);
  return rows.length === 0 ? [['none', 0]] : rows.map(([name, count]) => [name, count]);
}

const NOTHING_BECAUSE: Readonly<Record<string, string>> = {
  explored: 'now and then one is left alone by chance, so that it can be told what waiting is worth',
  'nothing-worthwhile': 'nothing that is allowed is worth a contact',
  'nothing-allowed': 'everything is refused by a rule',
  'nothing-to-do': 'no action is meant for this account',
};

function story({ suggestions, noAction }: Recommended): string {
  const [first] = suggestions;
  if (!first) return `  No action: ${NOTHING_BECAUSE[noAction?.reason ?? ''] ?? noAction?.reason ?? ''}`;
  const { slot, performedBy } = first;
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: slot.timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  const chance = first.inclusionProbability;
  return [
    `  ${bold(first.action.name)}`,
    `  by ${first.channelId}, ${performedBy.role}${performedBy.memberId ? ` ${performedBy.memberId}` : ''}`,
    `  ${time.format(new Date(slot.from))} (${slot.timeZone})`,
    `  chance of success ${(100 * first.propensity).toFixed(1)} %, worth ${first.value} €, priority ${first.priority.toFixed(2)} €` +
      (chance === null ? '' : `, drawn with probability ${chance.toFixed(3)}`),
    ...first.reasons.map(({ text }) => `    · ${text}`),
    ...suggestions.slice(1).map(({ action, channelId }) => dim(`  then: ${action.name} (${channelId})`)),
  ].join('\n');
}

function whereToLook({ url, key }: DemoReport): string {
  const read = `-H 'authorization: Bearer ${key}'`;
  return [
    `  API and its documentation   ${url}/docs`,
    '  Ask for the next best action:',
    `    curl -s ${url}/api/v1/recommendations ${read} \\`,
    `      -H 'content-type: application/json' -d '{"accountId": "${ADA_JONES}", "explain": true}'`,
    '  What is known of her, and what happened:',
    `    curl -s ${url}/api/v1/accounts/${ADA_JONES}/features ${read}`,
    `    curl -s ${url}/api/v1/accounts/${ADA_JONES}/timeline ${read}`,
  ].join('\n');
}

function whole(count: number): string {
  return new Intl.NumberFormat('en').format(Math.round(count));
}
