import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { alertsOf, tasksOf } from '../api/desk';
import { useFormats } from '../formats';
import { type Language, languages, useLanguage } from '../language';
import type { MessageKey } from '../messages/en';
import { useSession, useSignOut } from '../session';
import { useConnected } from '../stream';
import { Icon, type IconName } from './icons';

function Entry({
  to,
  icon,
  label,
  count,
}: {
  to: string;
  icon: IconName;
  label: string;
  count?: number | undefined;
}) {
  const formats = useFormats();
  const [exact] = useRoute(to);
  const [below] = useRoute(to === '/' ? '/suggestions/*?' : `${to}/*?`);
  const current = exact || below;
  return (
    <Link href={to} className="nav-entry" aria-current={current ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{label}</span>
      {count !== undefined && count > 0 && <span className="nav-count">{formats.number(count)}</span>}
    </Link>
  );
}

/** The frame around every page: where one is, who one is, whether the desk is live. */
export function Shell({ children }: { children: ReactNode }) {
  const { words, language, setLanguage } = useLanguage();
  const session = useSession();
  const signOut = useSignOut();
  const connected = useConnected();
  const alerts = useQuery({ queryKey: ['alerts', 'open'], queryFn: () => alertsOf({ state: 'open' }) });
  const tasks = useQuery({ queryKey: ['tasks', 'open'], queryFn: () => tasksOf({ state: 'open' }) });
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {words('nav.skip')}
      </a>
      <header className="rail">
        <div className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>{words('app.name')}</span>
        </div>
        <nav aria-label={words('nav.main')}>
          <Entry to="/" icon="today" label={words('nav.today')} />
          <Entry to="/alerts" icon="alert" label={words('nav.alerts')} count={alerts.data?.items.length} />
          <Entry to="/accounts" icon="accounts" label={words('nav.accounts')} />
          <Entry to="/tasks" icon="tasks" label={words('nav.tasks')} count={tasks.data?.items.length} />
          <Entry to="/settings" icon="settings" label={words('nav.settings')} />
        </nav>
        <div className="who">
          <p className={connected ? 'live' : 'live live-off'} role="status">
            {words(connected ? 'live.on' : 'live.off')}
          </p>
          <p className="who-name">
            <Icon name="person" />
            <span>
              {session.member?.name ?? words('role.admin')}
              <small>{session.role ? words(`role.${session.role}` as MessageKey) : ''}</small>
            </span>
          </p>
          <div className="who-actions">
            <select
              aria-label={words('nav.language')}
              value={language}
              onChange={(event) => setLanguage(event.target.value as Language)}
            >
              {Object.entries(languages).map(([key, name]) => (
                <option key={key} value={key} lang={key}>
                  {name}
                </option>
              ))}
            </select>
            <button type="button" className="quiet" onClick={() => void signOut()}>
              {words('nav.signOut')}
            </button>
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
