import { useDeferredValue, useState } from 'react';
import { Link } from 'wouter';
import { accountsOf } from '../api/desk';
import { useWords } from '../language';
import { PagesOf } from '../parts/pages-of';
import { Empty } from '../parts/states';

/** The accounts that the caller sees. */
export function AccountsPage() {
  const words = useWords();
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  return (
    <section>
      <header className="page-head">
        <h1>{words('accounts.title')}</h1>
        <input
          type="search"
          placeholder={words('accounts.search')}
          aria-label={words('accounts.search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </header>
      <PagesOf
        of={['accounts', search]}
        read={(cursor) => accountsOf({ cursor, ...(search ? { search } : {}) })}
        empty={<Empty title={words('accounts.empty')}>{words('accounts.emptyWhy')}</Empty>}
      >
        {(items) => (
          <ul className="account-list">
            {items.map((account) => (
              <li key={account.accountId}>
                <Link href={`/accounts/${encodeURIComponent(account.accountId)}`}>
                  <strong>{account.name ?? account.accountId}</strong>
                  <span>
                    {[account.segment, account.region, account.country].filter(Boolean).join(' · ')}
                  </span>
                  <span className="badge">{words(`account.mode.${account.mode}`)}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </PagesOf>
    </section>
  );
}
