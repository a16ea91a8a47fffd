import { posix } from 'node:path'
import { pictureAddress, pictureIdsIn } from './pictures.ts'

// `](zip.png`, `](<a zip.png>`, and `[zip]: zip.png` on a line of its own.
const destination = /(\]\(\s*)(<[^<>\n]*>|(?:[^()\s<>]|\([^()\s]*\))+)/g
const definition = /^( {0,3}\[[^\]\n]+\]:\s*)(<[^<>\n]*>|\S+)/gm

/** Where the files of pictures lie in a folder that is written out. */
export const pictureFolder = 'pictures'

/** The files that a text in a folder names in links and pictures, by their paths from the root. Pure. */
export function pathsIn(body: string, folders: readonly string[]): string[] {
  const paths: string[] = []
  replaceAddresses(body, (address) => void paths.push(...([pathOf(address, folders)].filter(Boolean) as string[])))
  return paths
}

/** A text whose files are named by where they are now. Pure. @param find by the path from the root */
export function withAddresses(
  body: string,
  folders: readonly string[],
  find: (path: string) => string | undefined,
): string {
  return replaceAddresses(body, (address) => {
    const path = pathOf(address, folders)
    return path === undefined ? undefined : find(path)
  })
}

/** A text whose pictures are named by their files, seen from the folder in which it is written out. Pure. */
export function withFiles(body: string, folders: readonly string[], isThere: (address: string) => boolean): string {
  const known = pictureIdsIn(body).filter((id) => isThere(pictureAddress(id)))
  const up = posix.relative(folders.join('/'), pictureFolder)
  return known.reduce((text, id) => text.replaceAll(pictureAddress(id), `${up}/${id}.webp`), body)
}

function replaceAddresses(body: string, replace: (address: string) => string | undefined | void): string {
  const change = (whole: string, before: string, given: string) => {
    const found = replace(given.replace(/^<(.*)>$/, '$1'))
    return found ? `${before}${found}` : whole
  }
  return body.replaceAll(destination, change).replaceAll(definition, change)
}

function pathOf(address: string, folders: readonly string[]): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(address)) return undefined
  const plain = decoded(address.replace(/[?#].*$/, ''))
  return plain.startsWith('/') ? plain.slice(1) : posix.join(...folders, plain)
}

function decoded(address: string): string {
  try {
    return decodeURI(address)
  } catch {
    return address
  }
}
