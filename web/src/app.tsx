import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Route, Switch } from 'wouter';
import { ApiProblem } from './api/call';
import { LanguageProvider, useWords } from './language';
import { AccountPage } from './pages/account';
import { AccountsPage } from './pages/accounts';
import { AlertPage } from './pages/alert';
import { AlertsPage } from './pages/alerts';
import { SettingsPage } from './pages/settings';
import { TaskPage } from './pages/task';
import { TasksPage } from './pages/tasks';
import { TodayPage } from './pages/today';
import { NoticeProvider } from './parts/notice';
import { Shell } from './parts/shell';
import { Empty } from './parts/states';
import { SessionGate } from './session';
import { LiveStream } from './stream';
import { OpenedByNotifications } from './opened';

const RETRIES = 2;
const FRESH_MS = 15_000;
const SERVER_FAULTS = 500;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (count, cause) =>
        count < RETRIES &&
        (!(cause instanceof ApiProblem) || cause.status === 0 || cause.status >= SERVER_FAULTS),
    },
  },
});

function Nowhere() {
  return <Empty title={useWords()('error.gone')} />;
}

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <SessionGate>
          <LiveStream>
            <NoticeProvider>
              <OpenedByNotifications />
              <Shell>
                <Switch>
                  <Route path="/" component={TodayPage} />
                  <Route path="/alerts" component={AlertsPage} />
                  <Route path="/alerts/:alertId">
                    {({ alertId }) => <AlertPage key={alertId} alertId={decodeURIComponent(alertId)} />}
                  </Route>
                  <Route path="/accounts" component={AccountsPage} />
                  <Route path="/accounts/:accountId/:part?">
                    {({ accountId, part }) => (
                      <AccountPage key={accountId} accountId={decodeURIComponent(accountId)} part={part} />
                    )}
                  </Route>
                  <Route path="/tasks" component={TasksPage} />
                  <Route path="/tasks/:taskId">
                    {({ taskId }) => <TaskPage key={taskId} taskId={decodeURIComponent(taskId)} />}
                  </Route>
                  <Route path="/settings" component={SettingsPage} />
                  <Route component={Nowhere} />
                </Switch>
              </Shell>
            </NoticeProvider>
          </LiveStream>
        </SessionGate>
      </LanguageProvider>
    </QueryClientProvider>
  );
}
