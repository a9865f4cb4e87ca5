import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { useWords } from '../language';

interface Notice {
  text: string;
  undo?: () => void;
  trouble?: boolean;
}

type Say = (notice: Notice) => void;

const SayContext = createContext<Say | null>(null);

/** Long enough to reach for "undo". */
const SHOWN_MS = 10_000;

/** One line at the bottom that says what has just happened, and offers to undo it. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const words = useWords();
  const [notice, setNotice] = useState<Notice | null>(null);
  const timer = useRef<number>(undefined);
  const say = useCallback<Say>((next) => {
    window.clearTimeout(timer.current);
    setNotice(next);
    timer.current = window.setTimeout(() => setNotice(null), SHOWN_MS);
  }, []);
  const given = useMemo(() => say, [say]);
  return (
    <SayContext.Provider value={given}>
      {children}
      <div className="notices" role="status" aria-live="polite">
        {notice && (
          <div className={notice.trouble ? 'notice notice-trouble' : 'notice'}>
            <span>{notice.text}</span>
            {notice.undo && (
              <button
                type="button"
                onClick={() => {
                  notice.undo?.();
                  setNotice(null);
                }}
              >
                {words('suggestion.undo')}
              </button>
            )}
          </div>
        )}
      </div>
    </SayContext.Provider>
  );
}

export function useSay(): Say {
  const say = useContext(SayContext);
  if (!say) throw new Error('NoticeProvider is missing');
  return say;
}
