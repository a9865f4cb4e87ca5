import type { CatalogueEditor } from '../catalogue/index.js';
import type { ConsentFact, ConsentLedger } from '../consent/index.js';
import { canonicalJson } from '../shared/index.js';
import type { IngestEvents, RecordConsent } from '../workflows/index.js';
import { UnreadableFile } from './failure.js';
import type { PlannedConsent } from './plan.js';
import type { ImportTarget } from './run-import.js';

export interface ImportTargetParts {
  editor: CatalogueEditor;
  ledger: ConsentLedger;
  consent: RecordConsent;
  ingest: IngestEvents;
}

/** The running service's own paths, under the name of whoever imports. */
export function importTarget(
  { editor, ledger, consent, ingest }: ImportTargetParts,
  actor: string,
): ImportTarget {
  return {
    put: (kind, records) => editor.put(kind, records, actor),
    consent: async (consents) => {
      const fresh = await notYetTold(consents, ledger);
      const inputs = fresh.map(({ contactId, statement }) => ({ contactId, ...statement }));
      const [refused] = (await consent.many(inputs, actor)).refused;
      if (refused) {
        const who = inputs[refused.index]?.contactId ?? '?';
        const why = refused.problems.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
        throw new UnreadableFile('consents', null, `the statement about contact ${who} was refused: ${why}`);
      }
    },
    ingest: (items) => ingest.run(items, { origin: 'import', recordedBy: actor, publicKey: false }),
  };
}

/** The ledger only grows, so a repeated import leaves out what an earlier one recorded. */
async function notYetTold(
  consents: readonly PlannedConsent[],
  ledger: ConsentLedger,
): Promise<PlannedConsent[]> {
  const known = await ledger.ofAccounts([...new Set(consents.map(({ accountId }) => accountId))]);
  const told = new Set([...known.values()].flat().map((fact) => keyOf(fact.contactId, fact)));
  return consents.filter(({ contactId, statement }) => !told.has(keyOf(contactId, statement)));
}

function keyOf(contactId: string, fact: PlannedConsent['statement'] | ConsentFact): string {
  const { channelId, purpose, status, source, effectiveAt, productId = null, topic = null } = fact;
  return canonicalJson({ contactId, channelId, purpose, status, source, effectiveAt, productId, topic });
}
