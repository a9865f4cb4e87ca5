/** The file's names of countries → ISO 3166-1 alpha-2, and the zone in which most of its people live. */
const countries: Readonly<Record<string, readonly [code: string, timeZone: string]>> = {
  'United Kingdom': ['GB', 'Europe/London'],
  Germany: ['DE', 'Europe/Berlin'],
  France: ['FR', 'Europe/Paris'],
  EIRE: ['IE', 'Europe/Dublin'],
  Spain: ['ES', 'Europe/Madrid'],
  Netherlands: ['NL', 'Europe/Amsterdam'],
  Belgium: ['BE', 'Europe/Brussels'],
  Switzerland: ['CH', 'Europe/Zurich'],
  Portugal: ['PT', 'Europe/Lisbon'],
  Australia: ['AU', 'Australia/Sydney'],
  Norway: ['NO', 'Europe/Oslo'],
  Italy: ['IT', 'Europe/Rome'],
  'Channel Islands': ['JE', 'Europe/Jersey'],
  Finland: ['FI', 'Europe/Helsinki'],
  Cyprus: ['CY', 'Asia/Nicosia'],
  Sweden: ['SE', 'Europe/Stockholm'],
  Austria: ['AT', 'Europe/Vienna'],
  Denmark: ['DK', 'Europe/Copenhagen'],
  Japan: ['JP', 'Asia/Tokyo'],
  Poland: ['PL', 'Europe/Warsaw'],
  Israel: ['IL', 'Asia/Jerusalem'],
  USA: ['US', 'America/New_York'],
  'Hong Kong': ['HK', 'Asia/Hong_Kong'],
  Singapore: ['SG', 'Asia/Singapore'],
  Iceland: ['IS', 'Atlantic/Reykjavik'],
  Canada: ['CA', 'America/Toronto'],
  Greece: ['GR', 'Europe/Athens'],
  Malta: ['MT', 'Europe/Malta'],
  'United Arab Emirates': ['AE', 'Asia/Dubai'],
  RSA: ['ZA', 'Africa/Johannesburg'],
  Lebanon: ['LB', 'Asia/Beirut'],
  Lithuania: ['LT', 'Europe/Vilnius'],
  Brazil: ['BR', 'America/Sao_Paulo'],
  'Czech Republic': ['CZ', 'Europe/Prague'],
  Bahrain: ['BH', 'Asia/Bahrain'],
  'Saudi Arabia': ['SA', 'Asia/Riyadh'],
};

/** Unknown names ("Unspecified", "European Community") have neither. */
export function countryOf(name: string): { country: string | null; timeZone: string | null } {
  const [country, timeZone] = countries[name] ?? [null, null];
  return { country, timeZone };
}

/** At home, elsewhere in Europe, or overseas: how far the goods travel. */
export function segmentOf(name: string): 'domestic' | 'europe' | 'overseas' | null {
  const { country, timeZone } = countryOf(name);
  if (country === 'GB') return 'domestic';
  if (name === 'European Community') return 'europe';
  if (timeZone === null) return null;
  return /^(Europe\/|Atlantic\/|Asia\/Nicosia)/.test(timeZone) ? 'europe' : 'overseas';
}
