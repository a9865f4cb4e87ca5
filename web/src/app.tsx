import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Route, Switch } from 'wouter';
import { ApiProblem } from './api/call';
import { LanguageProvider, useWords } from './language';
import { AccountPage } from './pages/account';
import { AccountsPage } from './pages/accounts';
import { AlertsPage } from './pages/alerts';
import { TasksPage } from './pages/tasks';
import { TodayPage } from './pages/today';
import { NoticeProvider } from './parts/notice';
import { Shell } from './parts/shell';
import { Empty } from './parts/states';
import { SessionGate } from './session';
import { LiveStream } from './stream';

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
              <Shell>
                <Switch>
                  <Route path="/" component={TodayPage} />
                  <Route path="/alerts" component={AlertsPage} />
                  <Route path="/accounts" component={AccountsPage} />
                  <Route path="/accounts/:accountId/:part?">
                    {({ accountId, part }) => (
                      <AccountPage key={accountId} accountId={decodeURIComponent(accountId)} part={part} />
                    )}
                  </Route>
                  <Route path="/tasks" component={TasksPage} />
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
