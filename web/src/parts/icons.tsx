const paths = {
  today:
    'M8 2v4M16 2v4M3 10h18M5 4h14a2 2 0 0 1 2 2v13a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM9 15l2 2 4-4',
  alert: 'M18 8a6 6 0 0 0-12 0c0 7-3 9-3 9h18s-3-2-3-9M13.7 21a2 2 0 0 1-3.4 0',
  accounts: 'M3 21V7l9-4 9 4v14M9 21v-6h6v6M7 10h.01M12 10h.01M17 10h.01',
  tasks: 'M9 6h12M9 12h12M9 18h12M3 6l1 1 2-2M3 12l1 1 2-2M3 18l1 1 2-2',
  email: 'M3 5h18v14H3zM3 6l9 7 9-7',
  call: 'M22 17v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3l2 5-2.5 2a14 14 0 0 0 6.500 6.500L15 13l5 2z',
  visit: 'M12 22s7-7.500 7-13A7 7 0 0 0 5 9c0 5.500 7 13 7 13zM12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  chat: 'M21 12a8 8 0 0 1-11.500 7.200L4 21l1.800-5.500A8 8 0 1 1 21 12z',
  web: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  event: 'M4 5h16v10H4zM8 21l4-6 4 6M12 15v-3',
  other: 'M4 12h16M12 4v16',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2',
  check: 'M4 12l5 5L20 6',
  settings:
    'M4 6h10M18 6h2M4 12h2M10 12h10M4 18h8M16 18h4M16 4a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM8 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM14 16a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6',
} as const;

export type IconName = keyof typeof paths;

const ofChannel: Record<string, IconName> = {
  email: 'email',
  sms: 'chat',
  chat: 'chat',
  social: 'chat',
  call: 'call',
  visit: 'visit',
  branch: 'visit',
  event: 'event',
  web: 'web',
  app: 'web',
  mail: 'email',
};

/** The picture for a channel by its kind or, where only the id is known, by what the id says. */
export function channelIcon(channel: string): IconName {
  const exact = ofChannel[channel];
  if (exact) return exact;
  const found = Object.keys(ofChannel).find((kind) => channel.toLowerCase().includes(kind));
  return (found && ofChannel[found]) || 'other';
}

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
