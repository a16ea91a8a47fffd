import type { Tx } from '#platform/store.ts'
import type { OtherFile } from './article-files.ts'
import { keepPicture, type Encode } from './pictures.ts'
import { pathsIn, withAddresses } from './relative-pictures.ts'

type Writing = { path: string; folders: readonly string[]; body: string }
type Taken<Source> = {
  /** Their pictures are named by where they are now. */
  sources: Source[]
  refused: { path: string; error: unknown }[]
  /** Files that no text shows. */
  unused: string[]
}

/** Keeps the pictures that texts of a folder show: the same bytes are the same picture, however often they come. */
export async function takePictures<Source extends Writing>(
  tx: Tx,
  sources: readonly Source[],
  { files, encode }: { files: readonly OtherFile[]; encode: Encode },
): Promise<Taken<Source>> {
  const wanted = new Set(sources.flatMap(({ body, folders }) => pathsIn(body, folders)))
  const addresses = new Map<string, string>()
  const refused: Taken<Source>['refused'] = []
  for (const file of files.filter(({ path }) => wanted.has(path))) {
    try {
      const { address } = await keepPicture(tx, await file.read(), encode)
      addresses.set(file.path, address)
    } catch (error) {
      refused.push({ path: file.path, error })
    }
  }
  return {
    sources: sources.map((source) => ({
      ...source,
      body: withAddresses(source.body, source.folders, (path) => addresses.get(path)),
    })),
    refused,
    unused: files.flatMap(({ path }) => (wanted.has(path) ? [] : [path])),
  }
}
