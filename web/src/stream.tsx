import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const ConnectedContext = createContext(false);

/** What is read again when something of a kind has happened. */
const concerned: Record<string, readonly string[]> = {
  alert: ['alerts', 'suggestions', 'timeline'],
  'suggestion.created': ['suggestions'],
  'suggestion.withdrawn': ['suggestions', 'alerts', 'timeline'],
  'suggestion.closed': ['suggestions', 'alerts', 'timeline'],
  task: ['tasks', 'timeline'],
  resync: ['suggestions', 'alerts', 'tasks', 'timeline'],
};

/** Listens to the service as long as the desk is open; the browser reconnects with the last id by itself. */
export function LiveStream({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const source = new EventSource('/api/v1/alerts/stream');
    source.addEventListener('open', () => setConnected(true));
    source.addEventListener('error', () => setConnected(false));
    for (const [name, kinds] of Object.entries(concerned)) {
      source.addEventListener(name, () => {
        for (const kind of kinds) void queries.invalidateQueries({ queryKey: [kind] });
      });
    }
    return () => source.close();
  }, [queries]);
  return <ConnectedContext.Provider value={connected}>{children}</ConnectedContext.Provider>;
}

export function useConnected(): boolean {
  return useContext(ConnectedContext);
}
