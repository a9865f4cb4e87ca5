import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { alertOf } from '../api/desk';
import { useWords } from '../language';
import { AlertCard } from '../parts/alert-card';
import { Empty, Loading, Trouble } from '../parts/states';

/** One alert: where a notification leads to. */
export function AlertPage({ alertId }: { alertId: string }) {
  const words = useWords();
  const alert = useQuery({ queryKey: ['alerts', 'one', alertId], queryFn: () => alertOf(alertId) });
  return (
    <section className="narrow">
      <header className="page-head">
        <h1>{words('alerts.one')}</h1>
        <Link href="/alerts">{words('alerts.all')}</Link>
      </header>
      {alert.isPending && <Loading />}
      {alert.error && <Trouble cause={alert.error} retry={() => void alert.refetch()} />}
      {alert.data === null && <Empty title={words('alerts.gone')}>{words('alerts.goneWhy')}</Empty>}
      {alert.data && <AlertCard alert={alert.data} heading="h2" />}
    </section>
  );
}
