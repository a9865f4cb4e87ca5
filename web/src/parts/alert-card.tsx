import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { acknowledge } from '../api/desk';
import type { Alert } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';
import { useSay } from './notice';
import { EvidenceList } from './reasons';

/** Something worth acting on has happened: what, by whom, and the next step. */
export function AlertCard({ alert, heading: Heading }: { alert: Alert; heading: 'h2' | 'h3' }) {
  const words = useWords();
  const formats = useFormats();
  const say = useSay();
  const queries = useQueryClient();
  const seen = useMutation({
    mutationFn: () => acknowledge(alert.alertId),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['alerts'] }),
    onError: (cause) => say({ text: cause.message, trouble: true }),
  });
  const open = alert.state === 'open';
  return (
    <article className={`card alert${open ? '' : ' alert-over'}`} aria-label={alert.title}>
      <Heading>
        <Link href={`/accounts/${encodeURIComponent(alert.accountId)}`}>{alert.title}</Link>
      </Heading>
      <p>{alert.message}</p>
      <EvidenceList evidence={alert.evidence} />
      <p className="next">
        <strong>{words('alerts.next')}</strong>{' '}
        {alert.suggestion ? alert.suggestion.headline : (alert.because ?? words('alerts.none'))}
      </p>
      <p className="card-facts">
        <span>{formats.ago(alert.raisedAt)}</span>
        {open && <span>{words('alerts.until', { time: formats.time(alert.validUntil) })}</span>}
        {open ? (
          <button type="button" className="small" onClick={() => seen.mutate()}>
            {words('alerts.acknowledge')}
          </button>
        ) : (
          <span className="badge">
            {words(alert.state === 'expired' ? 'alerts.expired' : 'alerts.acknowledged')}
          </span>
        )}
      </p>
    </article>
  );
}
