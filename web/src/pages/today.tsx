import { useState } from 'react';
import { suggestionsOf } from '../api/desk';
import { useWords } from '../language';
import { LiveAlerts } from '../parts/live-alerts';
import { PagesOf } from '../parts/pages-of';
import { Empty } from '../parts/states';
import { SuggestionCard } from '../parts/suggestion-card';

const shown = ['open', 'accepted', 'snoozed', 'completed', 'dismissed'] as const;

/** What to do now, best first, beside what has just happened. */
export function TodayPage() {
  const words = useWords();
  const [state, setState] = useState<(typeof shown)[number]>('open');
  return (
    <div className="today">
      <section aria-labelledby="today-title">
        <header className="page-head">
          <h1 id="today-title">{words('today.title')}</h1>
          <div className="filters" role="group" aria-label={words('today.filter')}>
            {shown.map((one) => (
              <button key={one} type="button" aria-pressed={state === one} onClick={() => setState(one)}>
                {words(`today.filter.${one}`)}
              </button>
            ))}
          </div>
        </header>
        <PagesOf
          of={['suggestions', state]}
          read={(cursor) => suggestionsOf({ state, cursor })}
          empty={<Empty title={words('today.empty')}>{words('today.emptyWhy')}</Empty>}
        >
          {(items) => (
            <>
              {state === 'open' && <p className="lead">{words('today.lead', { count: items.length })}</p>}
              <div className="cards">
                {items.map((suggestion) => (
                  <SuggestionCard key={suggestion.suggestionId} suggestion={suggestion} />
                ))}
              </div>
            </>
          )}
        </PagesOf>
      </section>
      <LiveAlerts />
    </div>
  );
}
