/** What a message of a trigger rule may name. */
export const messageArguments = [
  'account',
  'contact',
  'member',
  'event',
  'count',
  'hours',
  'at',
  'topic',
  'product',
  'content',
  'channel',
  'place',
  'value',
  'title',
  'what',
  'dueAt',
  'lookedAt',
] as const;
export type MessageArgument = (typeof messageArguments)[number];
