import { choiceField, idField, numberField, timeField, wholeField } from '../fields.js';

/** The columns that are read, of 49. */
export const pegaColumns = [
  'CustomerID',
  'pyChannel',
  'pyName',
  'pyLabel',
  'pyTreatment',
  'pyPropensity',
  'pyOutcome',
  'pxRank',
  'pxOutcomeTime',
  'pxDecisionTime',
  'ModelControlGroup',
] as const;
export type PegaRow = Record<(typeof pegaColumns)[number], string>;

const outcomes = ['Accepted', 'Accept', 'Clicked', 'Rejected', 'NoResponse', 'Churned', 'Loyal'] as const;

/** DATA.md: these count as a success of the contact. */
const POSITIVE: readonly string[] = ['Accepted', 'Accept', 'Clicked'];

/** One card offered to one customer on one channel, and what came of it. */
export interface Contacted {
  /** 1-based line of the file. */
  line: number;
  customerId: string;
  channelId: 'sms' | 'web';
  actionId: string;
  label: string;
  /** Null: the log names none. */
  treatment: string | null;
  /** As Pega's engine logged it, in [0, 1]. */
  propensity: number;
  outcome: (typeof outcomes)[number];
  response: 'positive' | 'negative' | null;
  rank: number;
  outcomeAt: Date;
  /** By the simulator's clock it may be later than the outcome. */
  decidedAt: Date;
  controlGroup: string;
}

/** Null: a row without channel, which is no contact but a verdict on the customer (Churned, Loyal). */
export function readContact(row: PegaRow, line: number): Contacted | null {
  const customerId = idField('CustomerID', row.CustomerID);
  const outcome = choiceField('pyOutcome', row.pyOutcome, outcomes);
  if (row.pyChannel === '') return null;
  return {
    line,
    customerId,
    channelId: choiceField('pyChannel', row.pyChannel, ['SMS', 'Web']) === 'SMS' ? 'sms' : 'web',
    actionId: idField('pyName', row.pyName),
    label: idField('pyLabel', row.pyLabel),
    treatment: row.pyTreatment === '' ? null : idField('pyTreatment', row.pyTreatment),
    propensity: numberField('pyPropensity', row.pyPropensity),
    outcome,
    response: POSITIVE.includes(outcome) ? 'positive' : outcome === 'Rejected' ? 'negative' : null,
    rank: wholeField('pxRank', row.pxRank, 1),
    outcomeAt: timeField('pxOutcomeTime', row.pxOutcomeTime, pegaTime),
    decidedAt: timeField('pxDecisionTime', row.pxDecisionTime, pegaTime),
    controlGroup: row.ModelControlGroup,
  };
}

/** `20210127T132203.201 GMT` → ISO 8601; anything else stays and is refused. */
function pegaTime(text: string): string {
  return text.replace(
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2}\.\d{3}) GMT$/,
    (_all, year, month, day, hour, minute, second) => `${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
  );
}
