/** Where the territory lies, and what people there are called. */
export interface Place {
  country: string;
  region: string;
  locale: string;
  /** Work week, 1 Monday to 7 Sunday. */
  rests: readonly number[];
  cities: readonly { name: string; timeZone: string; lat: number; lon: number }[];
  firstNames: readonly string[];
  lastNames: readonly string[];
}

const berlin = 'Europe/Berlin';
const london = 'Europe/London';
const tehran = 'Asia/Tehran';

export const places: readonly Place[] = [
  {
    country: 'GB',
    region: 'United Kingdom',
    locale: 'en-GB',
    rests: [6, 7],
    cities: [
      { name: 'London', timeZone: london, lat: 51.51, lon: -0.13 },
      { name: 'Leeds', timeZone: london, lat: 53.8, lon: -1.55 },
      { name: 'Bristol', timeZone: london, lat: 51.45, lon: -2.59 },
    ],
    firstNames: [
      'Alice',
      'George',
      'Priya',
      'Harriet',
      'Owen',
      'Zara',
      'Rupert',
      'Imogen',
      'Callum',
      'Nadia',
    ],
    lastNames: [
      'Whitfield',
      'Okafor',
      'Marlow',
      'Sandhu',
      'Penrose',
      'Ashby',
      'Drummond',
      'Keane',
      'Lockhart',
      'Vale',
    ],
  },
  {
    country: 'DE',
    region: 'Germany',
    locale: 'de',
    rests: [6, 7],
    cities: [
      { name: 'Berlin', timeZone: berlin, lat: 52.52, lon: 13.4 },
      { name: 'Munich', timeZone: berlin, lat: 48.14, lon: 11.58 },
      { name: 'Hamburg', timeZone: berlin, lat: 53.55, lon: 10 },
    ],
    firstNames: [
      'Jonas',
      'Leonie',
      'Matthias',
      'Birgit',
      'Emre',
      'Katharina',
      'Ulrich',
      'Svenja',
      'Anselm',
      'Greta',
    ],
    lastNames: [
      'Brandt',
      'Yilmaz',
      'Hoffmeister',
      'Lindner',
      'Kessler',
      'Auer',
      'Reinhold',
      'Vogt',
      'Seidel',
      'Thalberg',
    ],
  },
  {
    country: 'US',
    region: 'United States',
    locale: 'en-US',
    rests: [6, 7],
    cities: [
      { name: 'Boston', timeZone: 'America/New_York', lat: 42.36, lon: -71.06 },
      { name: 'Chicago', timeZone: 'America/Chicago', lat: 41.88, lon: -87.63 },
      { name: 'San Diego', timeZone: 'America/Los_Angeles', lat: 32.72, lon: -117.16 },
    ],
    firstNames: ['Maya', 'Carlos', 'Ethan', 'Grace', 'Andre', 'Sofia', 'Wesley', 'Hannah', 'Malik', 'Joanna'],
    lastNames: [
      'Castillo',
      'Freeman',
      'Nguyen',
      'Holloway',
      'Bergstrom',
      'Rhodes',
      'Delgado',
      'Whitaker',
      'Osei',
      'Lang',
    ],
  },
  {
    country: 'IR',
    region: 'Iran',
    locale: 'fa',
    rests: [4, 5],
    cities: [
      { name: 'Tehran', timeZone: tehran, lat: 35.69, lon: 51.39 },
      { name: 'Shiraz', timeZone: tehran, lat: 29.59, lon: 52.58 },
      { name: 'Isfahan', timeZone: tehran, lat: 32.65, lon: 51.67 },
    ],
    firstNames: ['شیرین', 'آرش', 'نسرین', 'بهرام', 'لیلا', 'کاوه', 'مینا', 'سیاوش', 'رویا', 'داریوش'],
    lastNames: ['مرادی', 'کیانی', 'رستمی', 'فرهادی', 'نیک‌نام', 'شریفی', 'پارسا', 'بهشتی', 'صدری', 'آذر'],
  },
];
