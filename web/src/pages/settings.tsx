import { useWords } from '../language';
import { DigestSettings } from '../parts/digest-settings';
import { PushSettings } from '../parts/push-settings';
import { Empty } from '../parts/states';
import { useSession } from '../session';

/** How the desk reaches its member when it is not open. */
export function SettingsPage() {
  const words = useWords();
  const session = useSession();
  return (
    <section className="narrow">
      <header className="page-head">
        <h1>{words('settings.title')}</h1>
      </header>
      {session.member ? (
        <div className="cards">
          <PushSettings />
          <DigestSettings />
        </div>
      ) : (
        <Empty title={words('settings.nobody')}>{words('settings.nobodyWhy')}</Empty>
      )}
    </section>
  );
}
