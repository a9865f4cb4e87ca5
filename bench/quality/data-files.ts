import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A public data set: what is read of it under the data folder, and where it comes from. */
export interface DataSet {
  files: readonly string[];
  origin: string;
}

export const dataSets = {
  starbucks: {
    files: [
      'starbucks/portfolio.ndjson.gz',
      'starbucks/profile.ndjson.gz',
      'starbucks/transcript.ndjson.gz',
    ],
    origin:
      'portfolio.json, profile.json and transcript.json of the Starbucks capstone project (Udacity, Data Scientist), ' +
      'one object a line, gzip',
  },
  bank: {
    files: ['bank-marketing/bank-additional-full.csv.gz'],
    origin:
      'UCI Bank Marketing, https://archive.ics.uci.edu/dataset/222/bank+marketing (CC BY 4.0), bank-additional-full.csv, gzip',
  },
  pega: {
    files: ['pega-interaction-history/interaction_history.csv.gz'],
    origin:
      'the sample interaction history of https://github.com/pegasystems/pega-datascientist-tools (Apache-2.0), as CSV, gzip',
  },
  'online-retail': {
    files: ['online-retail/online_retail.csv.gz'],
    origin:
      'UCI Online Retail, https://archive.ics.uci.edu/dataset/352/online+retail (CC BY 4.0), the sheet as CSV with ' +
      'times like 2010-12-01 08:26:00, gzip',
  },
  'open-bandit': {
    files: [
      'open-bandit/ope-expected.json',
      ...['random-men', 'bts-men', 'random-women', 'bts-women'].map((log) => `open-bandit/ope-${log}.csv.gz`),
    ],
    origin:
      'the small version of the Open Bandit Dataset, https://github.com/st-tech/zr-obp (CC BY 4.0), one row a round with ' +
      'action, reward, inclusion_probability, evaluation_probability and a regression, and what the Open Bandit Pipeline ' +
      'computes from exactly these',
  },
  cdnow: {
    files: ['cdnow/sample-transactions.csv.gz', 'cdnow/sample-summary.csv.gz'],
    origin:
      'the tenth of the CDNOW customers of http://brucehardie.com/datasets/, transactions as Id, Date, CDs, Price and ' +
      'summaries as x, t_x, T, zbar (weeks), gzip',
  },
  hillstrom: {
    files: ['hillstrom/hillstrom.csv.gz'],
    origin: 'the e-mail challenge of MineThatData (Kevin Hillstrom, 2008), 64,000 customers in three arms, as CSV, gzip',
  },
  'starbucks-policy': {
    files: ['starbucks/portfolio.ndjson.gz', 'starbucks/profile.ndjson.gz', 'starbucks/transcript.ndjson.gz'],
    origin: 'as for starbucks',
  },
  'uplift-truth': {
    files: [
      'hillstrom/hillstrom.csv.gz',
      'bank-marketing/bank-additional-full.csv.gz',
      'starbucks/portfolio.ndjson.gz',
      'starbucks/profile.ndjson.gz',
      'starbucks/transcript.ndjson.gz',
    ],
    origin: 'as for hillstrom, bank and starbucks',
  },
  'closed-loop': {
    files: [],
    origin: 'nothing: the territory is simulated',
  },
  world: {
    files: [],
    origin: 'a market with hidden truth, of which NBA_WORLD_DIR (default ../shared/world) names the folder',
  },
} as const satisfies Record<string, DataSet>;

export type DataSetName = keyof typeof dataSets;

/** Files that are not there. */
export function missingFiles(dataDir: string, { files }: DataSet): string[] {
  return files.map((file) => join(dataDir, file)).filter((path) => !existsSync(path));
}
