import type { Command } from 'commander';
import { openApiDocument } from '../src/api/http/openapi.js';
import { readConfig } from '../src/config.js';
import { startService } from '../src/main.js';

export function registerOpenApi(program: Command): void {
  program
    .command('openapi')
    .description('Print the OpenAPI 3.1 document of the API: what clients are generated from.')
    .addHelpText('after', '\nExample:\n  $ npm run -s nba -- openapi > openapi.json')
    .action(async () => {
      const service = await startService({ ...readConfig(), port: 0, role: 'api', logLevel: 'error' });
      process.stdout.write(`${JSON.stringify(openApiDocument(service.app), null, 2)}\n`);
      await service.stop();
    });
}
