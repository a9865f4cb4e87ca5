import type { ReactNode } from 'react';
import { useWords } from '../language';

export function Loading() {
  const words = useWords();
  return (
    <p className="loading" role="status">
      {words('loading')}
    </p>
  );
}

export function Trouble({ cause, retry }: { cause: Error; retry?: () => void }) {
  const words = useWords();
  return (
    <div className="trouble" role="alert">
      <strong>{words('error.title')}</strong>
      <p>{cause.message}</p>
      {retry && (
        <button type="button" onClick={retry}>
          {words('error.retry')}
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
  );
}
