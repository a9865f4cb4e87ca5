import { DateTime } from 'luxon';
import { BadRow } from '../failure.js';
import { idField, numberField } from '../fields.js';

export const retailColumns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;
export type RetailRow = Record<(typeof retailColumns)[number], string>;

/** One line of an order that counts. */
export interface OrderLine {
  /** 1-based line of the file. */
  line: number;
  invoice: string;
  stockCode: string;
  description: string;
  quantity: number;
  /** Pounds sterling each. */
  price: number;
  /** As written: `2010-12-01 08:26:00`, London time. */
  date: string;
  customerId: string;
  country: string;
}

/** Postage, fees, manual entries: not articles. */
const NOT_ARTICLES = new Set(['POST', 'D', 'M', 'BANK CHARGES', 'PADS', 'DOT', 'C2', 'CRUK']);

export type LeftOut =
  'no customer' | 'cancelled invoice' | 'quantity not above zero' | 'price not above zero' | 'not an article';

/** The cleaning of DATA.md: the line, or why it does not count. */
export function readLine(row: RetailRow, line: number): OrderLine | LeftOut {
  const quantity = numberField('Quantity', row.Quantity);
  const price = numberField('UnitPrice', row.UnitPrice);
  const invoice = idField('InvoiceNo', row.InvoiceNo);
  const stockCode = idField('StockCode', row.StockCode);
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(row.InvoiceDate)) {
    throw new BadRow(`"InvoiceDate" must look like 2010-12-01 08:26:00, not "${row.InvoiceDate}"`);
  }
  if (row.CustomerID === '') return 'no customer';
  if (invoice.startsWith('C')) return 'cancelled invoice';
  if (quantity <= 0) return 'quantity not above zero';
  if (price <= 0) return 'price not above zero';
  if (NOT_ARTICLES.has(stockCode)) return 'not an article';
  return {
    line,
    invoice,
    stockCode,
    description: row.Description.trim(),
    quantity,
    price,
    date: row.InvoiceDate,
    customerId: customerIdOf(row),
    country: row.Country,
  };
}

/** `17850.0` in the file stands for customer 17850. */
export function customerIdOf(row: RetailRow): string {
  return String(numberField('CustomerID', row.CustomerID));
}

/** The instant of a date of the file; throws when there is no such time. */
export function londonTime(date: string): Date {
  const at = DateTime.fromSQL(date, { zone: 'Europe/London' });
  if (!at.isValid) throw new BadRow(`"InvoiceDate" ${date} does not exist`);
  return at.toJSDate();
}
