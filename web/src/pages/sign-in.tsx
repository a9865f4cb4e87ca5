import { useWords } from '../language';

/** For who has no session: how to come by one. */
export function SignIn() {
  const words = useWords();
  return (
    <main className="sign-in">
      <img src="/icon.svg" alt="" width="48" height="48" />
      <h1>{words('app.name')}</h1>
      <p>{words('signIn.how')}</p>
      <code dir="ltr">{words('signIn.command')}</code>
    </main>
  );
}
