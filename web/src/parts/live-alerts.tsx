import { useQuery } from '@tanstack/react-query';
import { alertsOf } from '../api/desk';
import { useWords } from '../language';
import { AlertCard } from './alert-card';
import { Empty } from './states';

/** The open alerts, the newest first, as they come in. */
export function LiveAlerts() {
  const words = useWords();
  const alerts = useQuery({ queryKey: ['alerts', 'open'], queryFn: () => alertsOf({ state: 'open' }) });
  return (
    <aside className="live-alerts" aria-labelledby="live-alerts-title">
      <h2 id="live-alerts-title">{words('alerts.live')}</h2>
      <div aria-live="polite">
        {alerts.data && alerts.data.items.length === 0 && (
          <Empty title={words('alerts.empty')}>{words('alerts.emptyWhy')}</Empty>
        )}
        {alerts.data?.items.map((alert) => (
          <AlertCard key={alert.alertId} alert={alert} heading="h3" />
        ))}
      </div>
    </aside>
  );
}
