import { useEffect } from 'react';
import { useLocation } from 'wouter';

/** Goes where a notification leads that was tapped while the desk was open. */
export function OpenedByNotifications() {
  const [, go] = useLocation();
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return undefined;
    const follow = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data !== 'object' || data === null || !('open' in data)) return;
      if (typeof data.open === 'string' && data.open.startsWith('/')) go(data.open);
    };
    navigator.serviceWorker.addEventListener('message', follow);
    return () => navigator.serviceWorker.removeEventListener('message', follow);
  }, [go]);
  return null;
}
