import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackedArtefact } from '../training/artefact.js';
import { unpackArtefact, versionOf } from '../training/artefact.js';
import type { ModelCard } from '../training/card.js';

const MODEL = 'model.json';
const WEIGHTS = 'weights.bin';
const CARD = 'card.json';

export interface ExportedModel {
  packed: PackedArtefact;
  card: ModelCard;
}

/** A folder does not hold a model that can be taken in: the message says what to do. */
export class ModelFolderInvalid extends Error {}

/** Writes `<folder>/<name>/<version>/{model.json, weights.bin, card.json}` and gives that path. */
export async function exportModel(folder: string, { packed, card }: ExportedModel): Promise<string> {
  const path = join(folder, card.name, versionOf(packed));
  await mkdir(path, { recursive: true });
  await writeFile(join(path, MODEL), packed.model);
  await writeFile(join(path, WEIGHTS), packed.weights);
  await writeFile(join(path, CARD), `${JSON.stringify(card, null, 2)}\n`);
  return path;
}

/** Reads an exported model and checks that its weights fit. Throws `ModelFolderInvalid`. */
export async function importModel(path: string): Promise<ExportedModel> {
  try {
    const [model, weights, card] = await Promise.all([
      readFile(join(path, MODEL), 'utf8'),
      readFile(join(path, WEIGHTS)),
      readFile(join(path, CARD), 'utf8'),
    ]);
    const packed = { model, weights };
    unpackArtefact(packed);
    return { packed, card: JSON.parse(card) as ModelCard };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ModelFolderInvalid(
      `${path} does not hold a model (${MODEL}, ${WEIGHTS}, ${CARD}), as "nba models export" writes one: ${why}`,
      { cause },
    );
  }
}
