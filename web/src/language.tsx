import { IntlMessageFormat } from 'intl-messageformat';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from 'react';
import { askIn } from './api/call';
import { en, type MessageKey } from './messages/en';
import { fa } from './messages/fa';

export const languages = { en: 'English', fa: 'فارسی' } as const;
export type Language = keyof typeof languages;

type Values = Record<string, string | number>;
export type Words = (key: MessageKey, values?: Values) => string;

interface Speaking {
  language: Language;
  /** For `Intl`: Persian dates are of the Solar Hijri calendar. */
  locale: string;
  setLanguage: (language: Language) => void;
  words: Words;
}

const catalogues: Record<Language, Record<MessageKey, string>> = { en, fa };
const locales: Record<Language, string> = { en: 'en-GB', fa: 'fa-IR-u-ca-persian' };
const STORED = 'nba-language';

const SpeakingContext = createContext<Speaking | null>(null);

function firstLanguage(): Language {
  const stored = window.localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'fa') return stored;
  return navigator.languages.find((one) => one.startsWith('fa') || one.startsWith('en'))?.startsWith('fa')
    ? 'fa'
    : 'en';
}

/** Parsed once a message: parsing is what costs. */
function wordsIn(language: Language): Words {
  const parsed = new Map<MessageKey, IntlMessageFormat>();
  return (key, values) => {
    let message = parsed.get(key);
    if (!message) {
      message = new IntlMessageFormat(catalogues[language][key], locales[language], undefined, {
        ignoreTag: true,
      });
      parsed.set(key, message);
    }
    return String(message.format(values));
  };
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [language, setLanguage] = useState(firstLanguage);
  useLayoutEffect(() => {
    askIn(language);
    void queries.invalidateQueries();
    document.documentElement.lang = language;
    document.documentElement.dir = language === 'fa' ? 'rtl' : 'ltr';
    window.localStorage.setItem(STORED, language);
  }, [language, queries]);
  const speaking = useMemo(
    () => ({ language, locale: locales[language], setLanguage, words: wordsIn(language) }),
    [language],
  );
  return <SpeakingContext.Provider value={speaking}>{children}</SpeakingContext.Provider>;
}

export function useLanguage(): Speaking {
  const speaking = useContext(SpeakingContext);
  if (!speaking) throw new Error('LanguageProvider is missing');
  return speaking;
}

export function useWords(): Words {
  return useLanguage().words;
}
