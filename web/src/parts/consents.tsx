import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { channels, consentsOf, stateConsent } from '../api/desk';
import type { ConsentBody } from '../api/client/types.gen';
import type { ConsentStanding, Contact } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';
import type { MessageKey } from '../messages/en';
import { useSay } from './notice';
import { Loading, Trouble } from './states';

/** A person, and what the person allowed: by channel and purpose, with one click to stop. */
export function Consents({ contact }: { contact: Contact }) {
  const words = useWords();
  const { contactId } = contact;
  const consents = useQuery({ queryKey: ['consents', contactId], queryFn: () => consentsOf(contactId) });
  const known = useQuery({ queryKey: ['channels'], queryFn: channels });
  const titleId = `consents-${contactId}`;
  const channelName = (channelId: string): string =>
    known.data?.items.find((channel) => channel.channelId === channelId)?.name ?? channelId;
  return (
    <article className="card" aria-labelledby={titleId}>
      <div className="card-body">
        <h2 id={titleId} className="card-title">
          {contact.name ?? contactId}
        </h2>
        <p className="card-facts">
          {[contact.email, contact.phone, contact.timeZone].filter(Boolean).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
        {consents.isPending && <Loading />}
        {consents.error && <Trouble cause={consents.error} />}
        {consents.data && (
          <>
            <ConsentTable contact={contact} standing={consents.data.status} channelName={channelName} />
            <History consents={consents.data.history} channelName={channelName} />
          </>
        )}
        {consents.data?.history.length === 0 && <p className="quiet-text">{words('consent.none')}</p>}
      </div>
    </article>
  );
}

interface TableProps {
  contact: Contact;
  standing: readonly ConsentStanding[];
  channelName: (channelId: string) => string;
}

function ConsentTable({ contact, standing, channelName }: TableProps) {
  const words = useWords();
  const say = useSay();
  const queries = useQueryClient();
  const { contactId } = contact;
  const state = useMutation({
    mutationFn: (fact: Pick<ConsentBody, 'channelId' | 'purpose' | 'status'>) =>
      stateConsent(contactId, fact),
    onSuccess: ({ withdrawnSuggestions, cancelledTouches, inFlight }) => {
      say({
        text: words('consent.withdrawn', {
          suggestions: withdrawnSuggestions.length,
          touches: cancelledTouches.length,
          inFlight: inFlight.length,
        }),
      });
      for (const kind of ['consents', 'suggestions', 'timeline'])
        void queries.invalidateQueries({ queryKey: [kind] });
    },
    onError: (cause) => say({ text: cause.message, trouble: true }),
  });
  const purposes = [...new Set(standing.map((one) => one.purpose))];
  const byChannel = new Map<string, ConsentStanding[]>();
  for (const one of standing) byChannel.set(one.channelId, [...(byChannel.get(one.channelId) ?? []), one]);
  return (
    <div
      className="table-scroll"
      tabIndex={0}
      role="group"
      aria-label={words('consent.title', { name: contact.name ?? contactId })}
    >
      <table className="consents">
        <thead>
          <tr>
            <th scope="col">{words('consent.channel')}</th>
            {purposes.map((purpose) => (
              <th key={purpose} scope="col">
                {words(`consent.purpose.${purpose}` as MessageKey)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...byChannel].map(([channelId, row]) => (
            <tr key={channelId}>
              <th scope="row">{channelName(channelId)}</th>
              {purposes.map((purpose) => {
                const one = row.find((cell) => cell.purpose === purpose);
                if (!one) return <td key={purpose} />;
                const what = `${channelName(channelId)}, ${words(`consent.purpose.${purpose}` as MessageKey)}`;
                return (
                  <td key={purpose} title={one.because}>
                    <span className={one.allowed ? 'yes' : 'no'}>
                      {words(one.allowed ? 'consent.allowed' : 'consent.refused')}
                    </span>
                    <button
                      type="button"
                      className="small quiet"
                      aria-label={`${words(one.allowed ? 'consent.withdraw' : 'consent.grant')}: ${what}`}
                      onClick={() =>
                        state.mutate({ channelId, purpose, status: one.allowed ? 'withdrawn' : 'granted' })
                      }
                    >
                      {words(one.allowed ? 'consent.withdraw' : 'consent.grant')}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function History({
  consents,
  channelName,
}: {
  consents: readonly {
    consentId: string;
    channelId: string;
    purpose: string;
    status: string;
    source: string;
    effectiveAt: string;
    recordedBy: string;
  }[];
  channelName: (channelId: string) => string;
}) {
  const words = useWords();
  const formats = useFormats();
  if (consents.length === 0) return null;
  return (
    <details className="evidence">
      <summary>{words('consent.history')}</summary>
      <ul>
        {consents.map((fact) => (
          <li key={fact.consentId}>
            {fact.status}: {channelName(fact.channelId)} · {fact.purpose}{' '}
            <small>
              {formats.time(fact.effectiveAt)}, {fact.source}, {fact.recordedBy}
            </small>
          </li>
        ))}
      </ul>
    </details>
  );
}
