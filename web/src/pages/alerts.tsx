import { alertsOf } from '../api/desk';
import { useWords } from '../language';
import { AlertCard } from '../parts/alert-card';
import { PagesOf } from '../parts/pages-of';
import { Empty } from '../parts/states';

/** Every alert, open or over, the newest first. */
export function AlertsPage() {
  const words = useWords();
  return (
    <section className="narrow">
      <header className="page-head">
        <h1>{words('alerts.title')}</h1>
      </header>
      <PagesOf
        of={['alerts', 'all']}
        read={(cursor) => alertsOf({ cursor })}
        empty={<Empty title={words('alerts.empty')}>{words('alerts.emptyWhy')}</Empty>}
      >
        {(items) => (
          <div className="cards">
            {items.map((alert) => (
              <AlertCard key={alert.alertId} alert={alert} heading="h2" />
            ))}
          </div>
        )}
      </PagesOf>
    </section>
  );
}
