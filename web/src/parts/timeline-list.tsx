import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { channels, contactsOf, timelineOf } from '../api/desk';
import type { TimelineItem } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';
import { PagesOf } from './pages-of';
import { Empty } from './states';

const kinds = ['event', 'touch', 'consent', 'suggestion', 'response', 'outcome', 'task', 'alert'] as const;
type Kind = (typeof kinds)[number];

const kindOf = (item: TimelineItem): Kind => kinds.find((kind) => kind === item.kind) ?? 'event';

/** What people and channels are called; anything else stays as it is. */
function useNames(accountId: string): (id: string) => string {
  const contacts = useQuery({ queryKey: ['contacts', accountId], queryFn: () => contactsOf(accountId) });
  const known = useQuery({ queryKey: ['channels'], queryFn: channels });
  return (id) =>
    contacts.data?.items.find(({ contactId }) => contactId === id)?.name ??
    known.data?.items.find(({ channelId }) => channelId === id)?.name ??
    id;
}

/** What happened with an account, by everybody, the newest first. */
export function TimelineList({ accountId }: { accountId: string }) {
  const words = useWords();
  const formats = useFormats();
  const [kind, setKind] = useState<Kind | undefined>(undefined);
  const named = useNames(accountId);
  return (
    <div className="narrow">
      <div className="filters" role="group" aria-label={words('today.filter')}>
        <button type="button" aria-pressed={kind === undefined} onClick={() => setKind(undefined)}>
          {words('timeline.all')}
        </button>
        {kinds.map((one) => (
          <button key={one} type="button" aria-pressed={kind === one} onClick={() => setKind(one)}>
            {words(`timeline.${one}`)}
          </button>
        ))}
      </div>
      <PagesOf
        of={['timeline', accountId, kind ?? 'all']}
        read={(cursor) =>
          timelineOf(accountId, { ...(kind ? { kind: [kind] } : {}), ...(cursor ? { cursor } : {}) })
        }
        empty={<Empty title={words('account.noTimeline')} />}
      >
        {(items) => (
          <ol className="timeline">
            {items.map((item, place) => (
              <li key={`${item.kind}${item.eventId}${place}`} className={`timeline-${kindOf(item)}`}>
                <time dateTime={item.at}>{formats.time(item.at)}</time>
                <div>
                  <span className="badge">{words(`timeline.${kindOf(item)}`)}</span>{' '}
                  <strong>{item.title}</strong>
                  <p className="card-facts">
                    {[item.contactId, item.channelId, item.memberId, ...item.topics]
                      .filter((fact) => fact !== null && fact !== '')
                      .map((fact) => (
                        <span key={fact}>{named(fact ?? '')}</span>
                      ))}
                  </p>
                </div>
              </li>
            ))}
          </ol>
        )}
      </PagesOf>
    </div>
  );
}
