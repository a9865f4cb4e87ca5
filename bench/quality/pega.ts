import { withService } from '../../src/main.js';
import { readPega } from '../../src/importers/index.js';
import {
  auc,
  type Dataset,
  evaluateModel,
  METRIC_RESAMPLES,
  type HeadEvaluation,
  ModelRegistry,
  ResponseModel,
  unpackArtefact,
} from '../../src/learning/index.js';
import { BuildDataset } from '../../src/workflows/index.js';
import { type Figure, type Findings, measured, published, type Reference } from './figures.js';
import { type Installation, printed } from './installation.js';
import { alignRows, borderOf, type LoggedContact, loggedContacts, smoothedMeans } from './pega-rows.js';
import { rescoreAll } from './rescoring.js';
import { intervalOf, trainingSettings } from './response-settings.js';

const TRAIN_SHARE = 0.7;
const RESCORING_LIMIT_SECONDS = 1800;
/** Rows at the base rate that the mean of each cell is drawn towards. */
const SMOOTHING = 20;

export async function measurePega(installation: Installation): Promise<Findings> {
  const importing = printed<Record<string, unknown>>(
    await installation.nba(['import', 'pega', '--json']),
  );
  const plan = await readPega(installation.config.dataDir);
  const contacts = loggedContacts(plan.events);
  const border = borderOf(contacts, TRAIN_SHARE);
  const trained = printed<{ version: string; card: { winner: string; because: string; data: unknown; competitors: unknown } }>(
    await installation.nba([
      'train',
      '--train-until',
      border.at.toISOString(),
      '--promote',
      'benchmark: first model',
      '--json',
    ]),
  );
  const judged = await judgeRows(installation, trained.version, contacts, border.test);
  return {
    importing,
    split: {
      order: 'occurredAt, then messageId',
      trainRows: contacts.length - border.test.size,
      testRows: border.test.size,
      testPositives: contacts.filter((contact) => border.test.has(contact) && contact.positive).length,
      border: border.at.toISOString(),
      rowsAtTheBorder: border.rowsAtBorder,
      trainingRowsNotUsedByUs: border.trainedByOthersOnly,
    },
    training: {
      version: trained.version,
      winner: trained.card.winner,
      because: trained.card.because,
      settings: trainingSettings(),
      data: trained.card.data,
      competitors: trained.card.competitors,
    },
    figures: figuresOf(judged, contacts, border.test),
    rescoring: await rescoreAll(installation, RESCORING_LIMIT_SECONDS),
    notes: [
      'The model is judged in-process, by the propensities that it serves, because nba evaluate cuts by time and not by row.',
      'The border of 70 % falls inside one instant. Our model trains on the touches before that instant only; the test rows are exactly those of DATA.md.',
      'Means and logged propensity are computed again in this run on the same test rows, the means from all training rows, the smoothed ones drawn towards the base rate by 20 rows.',
      'Intervals: 95 %, by drawing accounts with replacement (400 times).',
      'On this data the customer’s own past says nothing (DATA.md), so a model can hardly be better than the mean of each channel, action and treatment. No order of these cells is better than that of their means on the test rows themselves, which nobody can know.',
    ],
  };
}

interface JudgedRows {
  pooled: HeadEvaluation;
  sms: HeadEvaluation;
  web: HeadEvaluation;
}

/** The model on exactly the test rows, by the propensities that it serves. */
function judgeRows(
  installation: Installation,
  version: string,
  contacts: readonly LoggedContact[],
  test: ReadonlySet<LoggedContact>,
): Promise<JudgedRows> {
  return withService(installation.config, async (app, { database }) => {
    const packed = await app.get(ModelRegistry, { strict: false }).artefact(version);
    if (!packed) throw new Error(`model ${version} is gone`);
    const artefact = unpackArtefact(packed);
    const wanted = { asOf: new Date(), schema: artefact.schema };
    const dataset = await app.get(BuildDataset, { strict: false }).run(wanted);
    const messages = await database.database.query<{ id: string }[]>(MESSAGES);
    const aligned = alignRows(
      dataset,
      contacts,
      messages.map(({ id }) => id),
    );
    const model = new ResponseModel(artefact, version);
    const judge = (keep: (contact: LoggedContact) => boolean): HeadEvaluation =>
      evaluateOn(model, dataset, aligned, (contact) => test.has(contact) && keep(contact), test);
    return {
      pooled: judge(() => true),
      sms: judge(({ channel }) => channel === 'sms'),
      web: judge(({ channel }) => channel === 'web'),
    };
  });
}

/** In the order in which the history of each account is read. */
const MESSAGES = `
  select message_id as "id" from events where name = 'Message Sent' order by account_id, occurred_at, event_id`;

function evaluateOn(
  model: ResponseModel,
  dataset: Dataset,
  aligned: readonly LoggedContact[],
  judged: (contact: LoggedContact) => boolean,
  test: ReadonlySet<LoggedContact>,
): HeadEvaluation {
  const rowsOf = (keep: (contact: LoggedContact) => boolean): Int32Array =>
    Int32Array.from(aligned.flatMap((contact, row) => (keep(contact) ? [row] : [])));
  const [head] = evaluateModel(
    model,
    dataset,
    rowsOf(judged),
    rowsOf((contact) => !test.has(contact)),
    METRIC_RESAMPLES,
  );
  if (!head) throw new Error('the model has no outcome');
  return head;
}

function figuresOf(
  judged: JudgedRows,
  contacts: readonly LoggedContact[],
  test: ReadonlySet<LoggedContact>,
): Figure[] {
  const train = contacts.filter((contact) => !test.has(contact));
  const rows = contacts.filter((contact) => test.has(contact));
  const byAction = smoothedMeans(train, ({ channel, actionId }) => `${channel} ${actionId}`, 0);
  const cellOf = ({ channel, actionId, treatmentId }: LoggedContact) =>
    `${channel} ${actionId} ${treatmentId ?? ''}`;
  const byTreatment = smoothedMeans(train, cellOf, SMOOTHING);
  const inHindsight = smoothedMeans(rows, cellOf, 0);
  const aucOf = (on: readonly LoggedContact[], predict: (contact: LoggedContact) => number) =>
    auc({ predicted: on.map(predict), happened: on.map(({ positive }) => (positive ? 1 : 0)) });
  const figure = (
    what: string,
    head: HeadEvaluation,
    on: readonly LoggedContact[],
    fromData: Reference[],
  ): Figure => ({
    what,
    ours: head.model.auc,
    better: 'higher',
    on: head.model.rows,
    ...intervalOf(head.compared.models['model']?.auc),
    references: [
      measured('pyPropensity as logged', aucOf(on, ({ propensity }) => propensity)),
      measured('mean of each channel × action', aucOf(on, byAction)),
      measured('mean of each channel × action × treatment, smoothed', aucOf(on, byTreatment)),
      measured('the same cells in the order of their means on the test rows', aucOf(on, inHindsight)),
      ...fromData,
    ],
  });
  const onChannel = (wanted: string) => rows.filter(({ channel }) => channel === wanted);
  return [
    figure('AUC, pooled', judged.pooled, rows, [
      published('pyPropensity as logged', 0.514),
      published('mean of each channel × action', 0.758),
      published('mean of each channel × action × treatment, smoothed', 0.763),
    ]),
    figure('AUC, SMS', judged.sms, onChannel('sms'), [published('pyPropensity as logged', 0.51)]),
    figure('AUC, Web', judged.web, onChannel('web'), [published('pyPropensity as logged', 0.519)]),
  ];
}
