import type { Evidence, Reason } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';

/** Why, in sentences; under each the events that it was read from. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  if (reasons.length === 0) return null;
  return (
    <ul className="reasons">
      {reasons.map((reason) => (
        <li key={reason.code + reason.text}>
          <p>{reason.text}</p>
          <EvidenceList evidence={reason.evidence} />
        </li>
      ))}
    </ul>
  );
}

export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  const words = useWords();
  const formats = useFormats();
  if (evidence.length === 0) return null;
  return (
    <details className="evidence">
      <summary>{words('suggestion.evidence', { count: evidence.length })}</summary>
      <ul>
        {evidence.map((event) => (
          <li key={event.eventId}>
            {event.name} <small>{formats.time(event.at)}</small>
          </li>
        ))}
      </ul>
    </details>
  );
}
