import type { ContactId } from '../../src/catalogue/index.js';
import { PreferenceLinks } from '../../src/consent/index.js';
import { addDays } from '../../src/shared/index.js';
import { type Mailroom, startMailroom } from './mailroom.js';
import { TEST_NOW } from './service.js';

/** More than one page of anything. */
const TOPICS = Array.from({ length: 25 }, (_, place) => `topic-${String(place).padStart(2, '0')}`);

/** Marketing that is sent to those only who asked for it, and visits to all who did not refuse them. */
export function startPreferences(): Promise<Mailroom> {
  return startMailroom({
    channels: {
      email: { kind: 'email', consent: 'opt-in' },
      text: { kind: 'sms', consent: 'opt-in' },
      visit: { kind: 'visit', performedBy: 'account-manager' },
    },
    actions: {
      news: { purpose: 'marketing', topics: TOPICS },
      tips: { purpose: 'marketing' },
    },
  });
}

export const pathOf = (url: string): string => new URL(url).pathname;

/** The form as a browser would send it back: what is shown and ticked, with changes. */
export function formOf(
  html: string,
  change: { tick?: string[]; untick?: string[]; weekly?: string } = {},
): string {
  const form = new URLSearchParams();
  for (const [tag] of html.split('</form>')[0]?.matchAll(/<input[^>]*>/g) ?? []) {
    const [name, value] = ['name', 'value'].map(
      (part) => new RegExp(`${part}="([^"]*)"`).exec(tag)?.[1] ?? '',
    );
    const isBox = tag.includes('type="checkbox"');
    const isTicked = tag.includes(' checked')
      ? !change.untick?.includes(value!)
      : change.tick?.includes(value!);
    if (!isBox || isTicked) form.append(name!, value!);
  }
  form.append('weekly', change.weekly ?? /value="(\d*)" selected/.exec(html)?.[1] ?? '');
  form.append('do', 'save');
  return form.toString();
}

/** The preference page as a browser uses it. */
export class PreferencePages {
  constructor(private readonly room: Mailroom) {}

  pathFor(id: string, until = addDays(TEST_NOW, 180)): string {
    const links = this.room.service.app.get(PreferenceLinks, { strict: false });
    return pathOf(links.preferencesUrl({ contactId: id as ContactId, touchId: 'touch-x', until }));
  }

  post(path: string, form: string) {
    return this.room.service.http
      .post(path)
      .set('content-type', 'application/x-www-form-urlencoded')
      .send(form);
  }

  /** Sends back the form that is shown, with changes. */
  async save(path: string, change: Parameters<typeof formOf>[1]) {
    return this.post(path, formOf((await this.room.service.http.get(path)).text, change));
  }
}
