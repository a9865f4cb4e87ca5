/** What people do, as far as a sentence tells it apart. */
export const deeds = [
  'read',
  'looked',
  'searched',
  'put-in-basket',
  'asked',
  'filled-in',
  'opened',
  'clicked',
  'replied',
  'met-us',
  'ordered',
  'other',
] as const;
export type Deed = (typeof deeds)[number];

const byEvent: Readonly<Record<string, Deed>> = {
  'Page Viewed': 'read',
  'Screen Viewed': 'read',
  'Content Viewed': 'read',
  'Product Viewed': 'looked',
  'Product Clicked': 'looked',
  'Offer Viewed': 'looked',
  'Products Searched': 'searched',
  Search: 'searched',
  'Product Added': 'put-in-basket',
  'Question Asked': 'asked',
  'Form Submitted': 'filled-in',
  'Email Opened': 'opened',
  'Message Opened': 'opened',
  'Email Link Clicked': 'clicked',
  'Message Clicked': 'clicked',
  'Email Replied': 'replied',
  'Message Replied': 'replied',
  'Response Positive': 'replied',
  'Place Entered': 'met-us',
  'Order Completed': 'ordered',
  'Offer Completed': 'ordered',
};

export interface Counted {
  deed: Deed;
  count: number;
}

/** What was done and how often, the most frequent first. */
export function deedsOf(events: Readonly<Record<string, number>>): Counted[] {
  const counts = new Map<Deed, number>();
  for (const [name, count] of Object.entries(events)) {
    const deed = byEvent[name] ?? 'other';
    counts.set(deed, (counts.get(deed) ?? 0) + count);
  }
  return [...counts]
    .map(([deed, count]) => ({ deed, count }))
    .sort((a, b) => b.count - a.count || deeds.indexOf(a.deed) - deeds.indexOf(b.deed));
}
