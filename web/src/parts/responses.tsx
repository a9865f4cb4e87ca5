import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useLocation } from 'wouter';
import { respond, undo } from '../api/desk';
import type { DismissalReason, Responded, Suggestion } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';
import { useSay } from './notice';

const reasons: readonly DismissalReason[] = [
  'already-done',
  'wrong-time',
  'wrong-product',
  'wrong-channel',
  'not-compliant',
  'other',
];

interface Said {
  kind: 'accepted' | 'completed' | 'snoozed' | 'dismissed';
  reason?: DismissalReason;
  until?: string;
}

const MORNING_HOUR = 9;

function inAnHour(): Date {
  return new Date(Date.now() + 3_600_000);
}

function morningIn(days: number): Date {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(MORNING_HOUR, 0, 0, 0);
  return at;
}

/** Accept, done, later, no: each can be taken back for a while. */
export function Responses({ suggestion }: { suggestion: Suggestion }) {
  const words = useWords();
  const formats = useFormats();
  const say = useSay();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const { suggestionId, accountId, contactId, channelId } = suggestion;

  const reread = () => {
    for (const kind of ['suggestions', 'timeline', 'alerts'])
      void queries.invalidateQueries({ queryKey: [kind] });
  };
  const takeBack = useMutation({
    mutationFn: (answer: Responded) => undo(answer),
    onSuccess: reread,
    onError: (cause) => say({ text: cause.message || words('suggestion.undoNothing'), trouble: true }),
  });
  const answer = useMutation({
    mutationFn: (said: Said) => respond(suggestionId, said),
    onSuccess: (given, said) => {
      const values = { until: said.until ? formats.time(said.until) : '' };
      say({
        text: words(`suggestion.${said.kind}`, values),
        ...(given.responseId ? { undo: () => takeBack.mutate(given) } : {}),
      });
      reread();
    },
    onError: (cause) => {
      say({ text: cause.message, trouble: true });
      reread();
    },
  });
  const visit = () =>
    go(
      `/accounts/${encodeURIComponent(accountId)}/visit?${new URLSearchParams({ contactId, channelId, suggestionId })}`,
    );
  return (
    <div className="responses">
      {suggestion.state !== 'accepted' && (
        <button type="button" className="primary" onClick={() => answer.mutate({ kind: 'accepted' })}>
          {words('suggestion.accept')}
        </button>
      )}
      <button type="button" onClick={() => answer.mutate({ kind: 'completed' })}>
        {words('suggestion.done')}
      </button>
      <button type="button" onClick={visit}>
        {words('suggestion.visit')}
      </button>
      <Choice label={words('suggestion.snooze')}>
        {(close) =>
          (
            [
              ['snooze.hour', inAnHour],
              ['snooze.tomorrow', () => morningIn(1)],
              ['snooze.week', () => morningIn(7)],
            ] as const
          ).map(([key, until]) => (
            <button
              key={key}
              type="button"
              onClick={() => {
                close();
                answer.mutate({ kind: 'snoozed', until: until().toISOString() });
              }}
            >
              {words(key)}
            </button>
          ))
        }
      </Choice>
      <Choice label={words('suggestion.dismiss')}>
        {(close) =>
          reasons.map((reason) => (
            <button
              key={reason}
              type="button"
              onClick={() => {
                close();
                answer.mutate({ kind: 'dismissed', reason });
              }}
            >
              {words(`dismiss.${reason}`)}
              <small>{words(`dismiss.${reason}.effect`)}</small>
            </button>
          ))
        }
      </Choice>
    </div>
  );
}

/** A button that opens a short list of choices. */
function Choice({ label, children }: { label: string; children: (close: () => void) => React.ReactNode }) {
  const box = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (box.current) box.current.open = false;
  };
  return (
    <details
      ref={box}
      className="choice"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <summary>{label}</summary>
      <div className="choices">{children(close)}</div>
    </details>
  );
}
