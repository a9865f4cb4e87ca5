import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { accountOf, contactsOf, recommend, suggestionsOf } from '../api/desk';
import type { Account } from '../api/shapes';
import { useWords } from '../language';
import { Consents } from '../parts/consents';
import { Doubles } from '../parts/doubles';
import { Features } from '../parts/features';
import { useSay } from '../parts/notice';
import { PagesOf } from '../parts/pages-of';
import { Empty, Loading, Trouble } from '../parts/states';
import { SuggestionCard } from '../parts/suggestion-card';
import { TimelineList } from '../parts/timeline-list';
import { VisitForm } from '../parts/visit-form';

const parts = ['suggestions', 'timeline', 'people', 'doubles', 'features', 'visit'] as const;
type Part = (typeof parts)[number];

const labels = {
  suggestions: 'account.suggestions',
  timeline: 'account.timeline',
  people: 'account.people',
  doubles: 'account.doubles',
  features: 'account.features',
  visit: 'visit.title',
} as const;

/** Everything about one account: what to do, what happened, who is who, what is known. */
export function AccountPage({ accountId, part }: { accountId: string; part: string | undefined }) {
  const words = useWords();
  const account = useQuery({ queryKey: ['account', accountId], queryFn: () => accountOf(accountId) });
  const shown = parts.find((one) => one === part) ?? 'suggestions';
  if (account.isPending) return <Loading />;
  if (account.error) return <Trouble cause={account.error} retry={() => void account.refetch()} />;
  return (
    <section>
      <AccountHead account={account.data} />
      <nav className="tabs" aria-label={words('account.tabs')}>
        {parts.map((one) => (
          <Link
            key={one}
            href={`/accounts/${encodeURIComponent(accountId)}/${one}`}
            aria-current={one === shown ? 'page' : undefined}
          >
            {words(labels[one])}
          </Link>
        ))}
      </nav>
      <AccountPart accountId={accountId} shown={shown} />
    </section>
  );
}

function AccountHead({ account }: { account: Account }) {
  const words = useWords();
  return (
    <header className="page-head account-head">
      <div>
        <h1>{account.name ?? account.accountId}</h1>
        <p className="card-facts">
          <span>{account.accountId}</span>
          {account.segment && <span>{account.segment}</span>}
          {[account.region, account.country].filter(Boolean).map((place) => (
            <span key={place}>{place}</span>
          ))}
          <span className="badge">{words(`account.mode.${account.mode}`)}</span>
        </p>
      </div>
    </header>
  );
}

function AccountPart({ accountId, shown }: { accountId: string; shown: Part }) {
  if (shown === 'timeline') return <TimelineList accountId={accountId} />;
  if (shown === 'people') return <People accountId={accountId} />;
  if (shown === 'doubles') return <Doubles accountId={accountId} />;
  if (shown === 'features') return <Features accountId={accountId} />;
  if (shown === 'visit') return <VisitForm accountId={accountId} />;
  return <Suggestions accountId={accountId} />;
}

function Suggestions({ accountId }: { accountId: string }) {
  const words = useWords();
  const say = useSay();
  const queries = useQueryClient();
  const ask = useMutation({
    mutationFn: () => recommend(accountId),
    onSuccess: ({ suggestions, noAction }) => {
      say({
        text: words('account.recommended', { count: suggestions.length, because: noAction?.reason ?? '' }),
      });
      void queries.invalidateQueries({ queryKey: ['suggestions'] });
    },
    onError: (cause) => say({ text: cause.message, trouble: true }),
  });
  return (
    <div className="narrow">
      <button type="button" disabled={ask.isPending} onClick={() => ask.mutate()}>
        {words('account.recommend')}
      </button>
      <PagesOf
        of={['suggestions', 'account', accountId]}
        read={(cursor) => suggestionsOf({ accountId, cursor })}
        empty={<Empty title={words('account.noSuggestions')} />}
      >
        {(items) => (
          <div className="cards">
            {items.map((suggestion) => (
              <SuggestionCard key={suggestion.suggestionId} suggestion={suggestion} showAccount={false} />
            ))}
          </div>
        )}
      </PagesOf>
    </div>
  );
}

function People({ accountId }: { accountId: string }) {
  const contacts = useQuery({ queryKey: ['contacts', accountId], queryFn: () => contactsOf(accountId) });
  if (contacts.isPending) return <Loading />;
  if (contacts.error) return <Trouble cause={contacts.error} retry={() => void contacts.refetch()} />;
  return (
    <div className="people">
      {contacts.data.items.map((contact) => (
        <Consents key={contact.contactId} contact={contact} />
      ))}
    </div>
  );
}
