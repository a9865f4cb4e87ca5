import { describe, expect, it } from '@jest/globals';
import { articlesOf, retailCatalogue } from './catalogue.js';
import { historyOf } from './history.js';
import { londonTime, type OrderLine, readLine, type RetailRow } from './lines.js';

const row: RetailRow = {
  InvoiceNo: '536365',
  StockCode: '85123A',
  Description: 'WHITE HANGING HEART T-LIGHT HOLDER ',
  Quantity: '6',
  InvoiceDate: '2010-12-01 08:26:00',
  UnitPrice: '2.55',
  CustomerID: '17850.0',
  Country: 'United Kingdom',
};

function line(number: number, changes: Partial<RetailRow> = {}): OrderLine {
  const read = readLine({ ...row, ...changes }, number);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

describe('the cleaning of order lines', () => {
  it.each([
    [{ CustomerID: '' }, 'no customer'],
    [{ InvoiceNo: 'C536379' }, 'cancelled invoice'],
    [{ Quantity: '-1' }, 'quantity not above zero'],
    [{ UnitPrice: '0' }, 'price not above zero'],
    [{ StockCode: 'POST' }, 'not an article'],
  ])('leaves out %j and says why', (changes, reason) => {
    expect(readLine({ ...row, ...changes }, 2)).toBe(reason);
  });

  it('refuses what cannot be read at all', () => {
    expect(() => line(2, { Quantity: 'six' })).toThrow('"Quantity" must be a number, not "six"');
    expect(() => line(2, { InvoiceDate: '01/12/2010 08:26' })).toThrow(/"InvoiceDate" must look like/);
    expect(() => londonTime('2010-02-31 08:26:00')).toThrow(/does not exist/);
  });
});

describe('the orders of a customer', () => {
  it('are one event an invoice, with its lines, its value and London time', () => {
    const items = historyOf([
      line(5, { InvoiceNo: '540000', InvoiceDate: '2011-06-01 09:00:00' }),
      line(2),
      line(3, { StockCode: '71053', Quantity: '2', UnitPrice: '3.39' }),
      line(4),
    ]);
    expect(items).toMatchObject([
      {
        name: 'Order Completed',
        messageId: 'invoice-536365',
        accountId: '17850',
        occurredAt: new Date('2010-12-01T08:26:00Z'),
        properties: {
          productIds: ['85123A', '71053'],
          products: [
            { productId: '85123A', quantity: 6, price: 2.55 },
            { productId: '71053', quantity: 2, price: 3.39 },
            { productId: '85123A', quantity: 6, price: 2.55 },
          ],
          value: 37.38,
        },
      },
      { messageId: 'invoice-540000', occurredAt: new Date('2011-06-01T08:00:00Z') },
    ]);
  });
});

describe('the retail catalogue', () => {
  it('offers the articles that most customers bought before the test period, and lists all of them', () => {
    const lines = [
      line(2),
      line(3, { StockCode: '71053' }),
      line(4, { StockCode: '71053', CustomerID: '1' }),
      ...Array.from({ length: 70 }, (_none, index) =>
        line(5 + index, { StockCode: `late-${index}`, InvoiceDate: '2011-11-02 09:00:00' }),
      ),
    ];
    const steps = retailCatalogue(articlesOf(lines));
    const [products, actions] = ['products', 'actions'].map((kind) =>
      steps.find((step) => step.kind === kind),
    );
    expect(products?.records).toHaveLength(72);
    expect(actions?.records).toHaveLength(60);
    expect(actions?.records[0]).toMatchObject({ actionId: 'offer-71053', productIds: ['71053'] });
    expect(actions?.records[1]).toMatchObject({ actionId: 'offer-85123A' });
  });
});
