import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whose state a data folder holds: the sample world's of a laptop, or a node's that lends real access. */
export type FolderKind = 'laptop' | 'node';

/**
 * Holds a data folder to one kind. The laptop's has administrators whose keys lie beside it, and an outcome of a node
 * must not be changed by them; a node's grants must not be acted on in the sample world.
 */
export const claimFolder = (folder: string, kind: FolderKind): void => {
  const file = join(folder, 'kind');
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  // Folders from before there were kinds are all of the laptop's.
  const is = found ?? (existsSync(join(folder, 'aws.db')) ? 'laptop' : kind);
  if (is !== kind) {
    throw new Error(
      kind === 'node'
        ? `${folder} belongs to the embedded AWS, where administrators' keys lie beside the data. Choose a new folder for the node: --data DIR`
        : `${folder} belongs to a node with the real AWS. Start it with --aws real, or choose another folder: --data DIR`,
    );
  }
  if (found === undefined) writeFileSync(file, `${kind}\n`, { mode: 0o600 });
};
