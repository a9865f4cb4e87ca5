/**
 * How properties that the product reads are filled when the sender did not name them: the first source that has a value
 * wins, and what is already there stays. Edit this table to teach it another sender's vocabulary; what it fills is
 * stored with the event, so a rebuild from the log sees the same.
 */
export type EnrichmentSource =
  /** Another property: a text (numbers are written out), or a number (texts are read). */
  | { text: string }
  | { number: string }
  /** A property of every entry of a list property. */
  | { each: string; in: readonly string[] }
  /** Sum over a list property of price × quantity (1 when absent). */
  | { sumOf: string; price: string; quantity: string }
  /** The content whose address is this property's, compared without host, query and fragment. */
  | { contentAt: string }
  /** What the catalogue says of the product, content, action or channel that the event names. */
  | { ofProduct: 'topics' }
  | { ofContent: 'topics' | 'stage' | 'productIds' }
  | { ofAction: 'topics' | 'productIds' | 'purpose' }
  | { ofChannel: 'performedBy' }
  /** The first channel of the kind that the event's name stands for. */
  | { channelOf: 'event name' };

export interface EnrichmentRule {
  fill:
    | 'channel'
    | 'productId'
    | 'productIds'
    | 'topic'
    | 'topics'
    | 'contentId'
    | 'actionId'
    | 'treatmentId'
    | 'conversationId'
    | 'touchId'
    | 'value'
    | 'stage'
    | 'role'
    | 'purpose';
  from: readonly EnrichmentSource[];
  /** Only where none of these properties is there. */
  unless?: readonly string[];
  /** Only for events that are touches. */
  touches?: true;
}

/** In this order: later rules see what earlier ones filled. */
export const enrichmentRules: readonly EnrichmentRule[] = [
  { fill: 'actionId', from: [{ text: 'action_id' }] },
  { fill: 'treatmentId', from: [{ text: 'treatment_id' }] },
  { fill: 'touchId', from: [{ text: 'touch_id' }] },
  { fill: 'conversationId', from: [{ text: 'conversation_id' }] },
  { fill: 'productId', from: [{ text: 'product_id' }] },
  { fill: 'contentId', from: [{ text: 'content_id' }, { contentAt: 'url' }, { contentAt: 'path' }] },
  {
    fill: 'productIds',
    from: [
      { each: 'products', in: ['productId', 'product_id', 'sku'] },
      { ofAction: 'productIds' },
      { ofContent: 'productIds' },
    ],
    unless: ['productId'],
  },
  {
    fill: 'value',
    from: [
      { number: 'revenue' },
      { number: 'total' },
      { sumOf: 'products', price: 'price', quantity: 'quantity' },
    ],
  },
  { fill: 'topic', from: [{ text: 'category' }], unless: ['topics'] },
  {
    fill: 'topics',
    from: [{ ofContent: 'topics' }, { ofAction: 'topics' }, { ofProduct: 'topics' }],
    unless: ['topic'],
  },
  { fill: 'stage', from: [{ ofContent: 'stage' }] },
  { fill: 'channel', from: [{ channelOf: 'event name' }] },
  { fill: 'role', from: [{ ofChannel: 'performedBy' }], touches: true },
  { fill: 'purpose', from: [{ ofAction: 'purpose' }], touches: true },
];
