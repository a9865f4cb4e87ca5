import { type Command, InvalidArgumentError } from 'commander';
import { type KeyId, Keys, type Scope, scopes } from '../src/access/index.js';
import { withService } from '../src/main.js';
import { CommandFailed, commandConfig, printResult, table } from './terminal.js';

function scopeList(text: string): Scope[] {
  return text.split(',').map((name) => {
    const scope = scopes.find((known) => known === name.trim());
    if (!scope) throw new InvalidArgumentError(`"${name}" is not a scope. Scopes: ${scopes.join(', ')}`);
    return scope;
  });
}

export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('Make, list and revoke the keys of the API.');
  keys
    .command('create')
    .description('Make a key. It is printed once.')
    .requiredOption('--scopes <list>', `comma-separated: ${scopes.join(', ')}`, scopeList)
    .option('--member <memberId>', 'act with the role of this team member and see their accounts only')
    .option('--source <name>', 'stable name of the sender, under which its events are deduplicated')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ npm run nba -- keys create --scopes read,score,feedback --json')
    .action(async (options: { scopes: Scope[]; member?: string; source?: string; json?: boolean }) => {
      const made = await withService(commandConfig(), (app) =>
        app
          .get(Keys)
          .create(
            { scopes: options.scopes, memberId: options.member ?? null, source: options.source ?? null },
            'command-line',
          )
          .catch((cause: Error) => {
            throw new CommandFailed(cause.message);
          }),
      );
      printResult(options.json, made, () => made.key);
    });
  keys
    .command('list')
    .description('List the keys, without their secrets.')
    .option('--json', 'print one JSON object')
    .action(async (options: { json?: boolean }) => {
      const list = await withService(commandConfig(), (app) => app.get(Keys).list());
      printResult(options.json, { items: list }, () =>
        list.length === 0
          ? 'No keys yet. Make one: npm run nba -- keys create --scopes read,score'
          : table([
              ['KEY', 'SCOPES', 'MEMBER', 'SOURCE', 'CREATED', 'STATE'],
              ...list.map((key) => [
                key.keyId,
                key.scopes.join(','),
                key.memberId ?? '-',
                key.source,
                key.createdAt.toISOString(),
                key.revokedAt ? 'revoked' : 'active',
              ]),
            ]),
      );
    });
  keys
    .command('revoke <keyId>')
    .description('Make a key worthless.')
    .action(async (keyId: string) => {
      const revoked = await withService(commandConfig(), (app) =>
        app.get(Keys).revoke(keyId as KeyId, 'command-line'),
      );
      if (!revoked)
        throw new CommandFailed(`There is no active key "${keyId}". See: npm run nba -- keys list`);
      printResult(false, {}, () => `Key ${keyId} is revoked.`);
    });
}
