import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { VisitBody } from '../api/client/types.gen';
import { channels, contactsOf, recordVisit } from '../api/desk';
import { useWords } from '../language';
import { useSession } from '../session';
import { useSay } from './notice';
import { Loading, Trouble } from './states';

const roles = [
  'medical-liaison',
  'reimbursement-specialist',
  'marketing',
  'service',
  'sales-manager',
] as const;
const byPeople = new Set(['visit', 'call', 'event', 'branch']);
const moods = { bad: -0.6, neutral: 0, good: 0.6 } as const;
const MINUTE = 60_000;

/** The time of a `datetime-local` field, in the reader's own zone. */
function localTime(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

const text = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** The fields of the form as `POST /visits` takes them. */
function visitFrom(form: FormData, memberId: string | null, suggestionId: string | null): VisitBody {
  const mood = text(form, 'sentiment') as keyof typeof moods;
  const topics = text(form, 'topics')
    .split(/[,،]/)
    .map((topic) => topic.trim())
    .filter(Boolean);
  const stop = text(form, 'stop');
  const role = roles.find((one) => one === text(form, 'role'));
  const asked = text(form, 'asked');
  const answer = text(form, 'answer');
  const promise = text(form, 'promise');
  const due = text(form, 'due');
  return {
    contactId: text(form, 'contactId'),
    ...(memberId === null ? {} : { memberId }),
    channelId: text(form, 'channelId'),
    at: new Date(text(form, 'at')).toISOString(),
    note: text(form, 'note'),
    topics,
    ...(mood in moods ? { sentiment: moods[mood] } : {}),
    consents: stop ? [{ channelId: stop, purpose: 'marketing', status: 'withdrawn', source: 'contact' }] : [],
    requests: role ? [{ role, about: text(form, 'about') || text(form, 'note') || role }] : [],
    ...(asked ? { questions: [{ topic: asked, ...(answer ? { answer } : {}) }] } : {}),
    promises: promise && due ? [{ what: promise, dueAt: new Date(due).toISOString() }] : [],
    ...(suggestionId === null ? {} : { suggestionId }),
  };
}

/** What was said and done, as one entry: history, consents, tasks and promises follow from it. */
export function VisitForm({ accountId }: { accountId: string }) {
  const words = useWords();
  const say = useSay();
  const session = useSession();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const given = new URLSearchParams(useSearch());
  const [started] = useState(() => localTime(new Date()));
  const contacts = useQuery({ queryKey: ['contacts', accountId], queryFn: () => contactsOf(accountId) });
  const known = useQuery({ queryKey: ['channels'], queryFn: channels });
  const record = useMutation({
    mutationFn: recordVisit,
    onSuccess: (answer) => {
      say({
        text:
          words('visit.recorded', { tasks: answer.tasks.length }) +
          words('consent.withdrawn', {
            suggestions: answer.withdrawnSuggestions.length,
            touches: answer.cancelledTouches.length,
            inFlight: answer.inFlight.length,
          }),
      });
      for (const kind of ['suggestions', 'timeline', 'tasks', 'consents', 'alerts'])
        void queries.invalidateQueries({ queryKey: [kind] });
      go(`/accounts/${encodeURIComponent(accountId)}/timeline`);
    },
  });
  if (contacts.isPending || known.isPending) return <Loading />;
  if (contacts.error) return <Trouble cause={contacts.error} />;
  if (known.error) return <Trouble cause={known.error} />;
  const all = known.data.items;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    record.mutate(
      visitFrom(
        new FormData(event.currentTarget),
        session.member?.memberId ?? null,
        given.get('suggestionId'),
      ),
    );
  };
  return (
    <form className="card form" onSubmit={submit}>
      <div className="form-row">
        <label>
          {words('visit.contact')}
          <select name="contactId" defaultValue={given.get('contactId') ?? undefined} required>
            {contacts.data.items.map((contact) => (
              <option key={contact.contactId} value={contact.contactId}>
                {contact.name ?? contact.contactId}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words('visit.channel')}
          <select name="channelId" defaultValue={given.get('channelId') ?? undefined} required>
            {all
              .filter((channel) => byPeople.has(channel.kind))
              .map((channel) => (
                <option key={channel.channelId} value={channel.channelId}>
                  {channel.name}
                </option>
              ))}
          </select>
        </label>
        <label>
          {words('visit.at')}
          <input
            type="datetime-local"
            name="at"
            defaultValue={started}
            max={localTime(new Date())}
            required
          />
        </label>
      </div>
      <label>
        {words('visit.note')}
        <textarea name="note" rows={4} />
      </label>
      <div className="form-row">
        <label>
          {words('visit.topics')}
          <input name="topics" />
        </label>
        <fieldset>
          <legend>{words('visit.sentiment')}</legend>
          {(['bad', 'neutral', 'good'] as const).map((mood) => (
            <label key={mood} className="radio">
              <input type="radio" name="sentiment" value={mood} /> {words(`visit.sentiment.${mood}`)}
            </label>
          ))}
        </fieldset>
      </div>
      <div className="form-row">
        <label>
          {words('visit.stop')}
          <select name="stop" defaultValue="">
            <option value="">{words('visit.stopNone')}</option>
            {all.map((channel) => (
              <option key={channel.channelId} value={channel.channelId}>
                {channel.name} · {words('consent.purpose.marketing')}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words('visit.request')}
          <select name="role" defaultValue="">
            <option value="">{words('visit.requestNone')}</option>
            {roles.map((role) => (
              <option key={role} value={role}>
                {words(`role.${role}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words('visit.requestAbout')}
          <input name="about" />
        </label>
      </div>
      <div className="form-row">
        <label>
          {words('visit.asked')}
          <input name="asked" />
        </label>
        <label>
          {words('visit.answer')}
          <input name="answer" />
        </label>
      </div>
      <div className="form-row">
        <label>
          {words('visit.promise')}
          <input name="promise" />
        </label>
        <label>
          {words('visit.promiseDue')}
          <input type="datetime-local" name="due" />
        </label>
      </div>
      {record.error && <Trouble cause={record.error} />}
      <button type="submit" className="primary" disabled={record.isPending}>
        {words('visit.submit')}
      </button>
    </form>
  );
}
