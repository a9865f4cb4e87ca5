import { describe, expect, it } from '@jest/globals';
import { BadRow } from '../failure.js';
import { pegaCatalogue } from './catalogue.js';
import { historyOf } from './history.js';
import { type Contacted, type PegaRow, readContact } from './rows.js';

const row: PegaRow = {
  CustomerID: 'Customer-1',
  pyChannel: 'SMS',
  pyName: 'UPlusPersonal',
  pyLabel: 'U+ Personal Card',
  pyTreatment: 'Credit_ExternalSMSTreatment',
  pyPropensity: '0.05',
  pyOutcome: 'NoResponse',
  pxRank: '1',
  pxOutcomeTime: '20210127T132203.201 GMT',
  pxDecisionTime: '20210127T132205.810 GMT',
  ModelControlGroup: 'Test',
};

function contact(line: number, changes: Partial<PegaRow> = {}): Contacted {
  const read = readContact({ ...row, ...changes }, line);
  if (!read) throw new Error('a row with a channel is a contact');
  return read;
}

describe('a row of the interaction history', () => {
  it('is a touch at its outcome time that keeps what the engine had logged', () => {
    expect(historyOf([contact(2)])).toMatchObject([
      {
        name: 'Message Sent',
        messageId: 'interaction-0000002',
        occurredAt: new Date('2021-01-27T13:22:03.201Z'),
        accountId: 'Customer-1',
        properties: {
          actionId: 'UPlusPersonal',
          channel: 'sms',
          treatmentId: 'UPlusPersonal-sms-Credit_ExternalSMSTreatment',
          loggedPropensity: 0.05,
          rank: 1,
        },
      },
    ]);
  });

  it.each([
    ['Accepted', 'Response Positive'],
    ['Accept', 'Response Positive'],
    ['Clicked', 'Response Positive'],
    ['Rejected', 'Response Negative'],
  ])('%s becomes %s, naming its touch', (pyOutcome, name) => {
    const [, response] = historyOf([contact(7, { pyOutcome })]);
    expect(response).toMatchObject({
      name,
      properties: { touchId: 'interaction-0000007', response: pyOutcome },
    });
  });

  it('without a channel is no contact', () => {
    expect(readContact({ ...row, pyChannel: '', pyName: '', pyOutcome: 'Churned' }, 2)).toBeNull();
  });

  it('with an impossible time or an unknown outcome is refused by the name of the field', () => {
    expect(() => contact(2, { pxOutcomeTime: 'yesterday' })).toThrow(
      new BadRow('"pxOutcomeTime" must be a time, not "yesterday"'),
    );
    expect(() => contact(2, { pyOutcome: 'Perhaps' })).toThrow(/"pyOutcome" must be one of Accepted/);
  });

  it('sorts by time, then by row', () => {
    const late = contact(2, { pxOutcomeTime: '20210128T132203.201 GMT' });
    const ids = historyOf([late, contact(4), contact(3)]).map(({ messageId }) => messageId);
    expect(ids).toEqual(['interaction-0000003', 'interaction-0000004', 'interaction-0000002']);
  });
});

describe('the catalogue of the interaction history', () => {
  it('has each card once, on the channels where it was offered, with the wordings that were named', () => {
    const steps = pegaCatalogue([contact(2), contact(3, { pyChannel: 'Web', pyTreatment: '' }), contact(4)]);
    const actions = steps.find(({ kind }) => kind === 'actions');
    const treatments = steps.find(({ kind }) => kind === 'treatments');
    expect(actions?.records).toMatchObject([
      { actionId: 'UPlusPersonal', name: 'U+ Personal Card', channelIds: ['sms', 'web'] },
    ]);
    expect(treatments?.records).toMatchObject([
      { treatmentId: 'UPlusPersonal-sms-Credit_ExternalSMSTreatment', channelId: 'sms' },
      { treatmentId: 'UPlusPersonal-web-unnamed', channelId: 'web' },
    ]);
  });
});
