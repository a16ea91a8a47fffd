import { posix } from 'node:path'
import { languages, type Language } from '@lahko/contract/values'
import { slugOf } from './addresses.ts'
import { FileFault, type TextFile } from './article-files.ts'

/** Which article a page of another help centre is. */
export type Page = { path: string; folders: readonly string[]; slug: string; language: Language }
/** Pages by their paths, with what is wrong with the name of one, what their folders were called, and what is in them. */
export type Pages = {
  byPath: ReadonlyMap<string, Page | FileFault>
  folderNames: ReadonlyMap<string, string>
  texts: ReadonlyMap<string, string>
}

type Name = { path: string; names: string[]; name: string; number?: string; language: Language }

export function isHtml(path: string): boolean {
  return /\.x?html?$/i.test(path)
}

/**
 * Makes collections and addresses of the names that other programs write: `en-us/Orders & Returns/36001234-Send-it-back.html`
 * is `orders-returns/send-it-back` in English. Pages that share a number are one article in several languages. Pure.
 */
export function namePages(files: readonly TextFile[], main: Language): Pages {
  const byPath = new Map<string, Page | FileFault>()
  const folderNames = new Map<string, string>()
  const named = files.filter(({ path }) => isHtml(path)).map((file) => nameOf(file, main))
  const known = named.filter((one): one is Name => 'name' in one)
  for (const { path, fault } of named.filter((one) => 'fault' in one)) byPath.set(path, fault)
  for (const those of Map.groupBy(known, ({ number, path }) => number ?? path).values()) {
    const first = those.find(({ language }) => language === main) ?? those[0]!
    const folders = first.names.map(slugOf)
    const fault = faultOf(folders)
    folders.forEach((_, at) => folderNames.set(folders.slice(0, at + 1).join('/'), first.names[at]!.trim()))
    for (const { path, language } of those)
      byPath.set(path, fault ?? { path, folders, slug: slugOf(first.name), language })
  }
  return { byPath, folderNames, texts: new Map(files.map(({ path, text }) => [path, text])) }
}

/** The page that a link of another page leads to: by its path in the folder, or by the number in its address. Pure. */
export function pageAt(address: string, from: string, { byPath }: Pages): Page | undefined {
  const path = localPath(address, from)
  const found = path === undefined ? undefined : (byPath.get(path) ?? byPath.get(`${path}.html`))
  if (found) return 'slug' in found ? found : undefined
  const number = partsOf(posix.basename(address.replace(/[?#].*$/, '')).replace(/\.x?html?$/i, '')).number
  if (number === undefined) return undefined
  for (const page of byPath.values()) {
    if ('slug' in page && partsOf(posix.basename(page.path).replace(/\.x?html?$/i, '')).number === number) return page
  }
  return undefined
}

/** Where an address of a page leads in the folder; undefined outside it. Pure. */
export function localPath(address: string, from: string): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(address.trim())) return undefined
  const plain = decoded(address.trim().replace(/[?#].*$/, ''))
  if (plain === '') return undefined
  const path = plain.startsWith('/') ? posix.normalize(plain.slice(1)) : posix.join(posix.dirname(from), plain)
  return path.startsWith('..') ? undefined : path
}

function nameOf({ path, text }: TextFile, main: Language): Name | { path: string; fault: FileFault } {
  const folders = path.split('/')
  const [, file, ending] = /^(.*?)(?:\.([a-z]{2}))?\.x?html?$/i.exec(folders.pop()!)!
  const isLocale = (name: string) => /^([a-z]{2}-[a-z]{2}|en|sl|nb|no)$/i.test(name)
  const said = ending ?? folders.find(isLocale) ?? /<html[^>]*\slang=["']?([a-z]{2})/i.exec(text)?.[1] ?? main
  const short = said
    .slice(0, 2)
    .toLowerCase()
    .replace(/^n[on]$/, 'nb')
  const language = languages.find((one) => one === short)
  if (!language) return { path, fault: new FileFault('articles.file_language', { language: short }) }
  const names = folders.filter((name) => !isLocale(name))
  const isIndex = /^(index|default)$/i.test(file!) && names.length > 1
  return { path, names, ...partsOf(isIndex ? names.pop()! : file!), language }
}

/** `36001234-Send-it-back` and `Send-it-back_36001234`. */
function partsOf(file: string): { name: string; number?: string } {
  const [, before, one, two, after] = /^(?:(\d{5,})[-_ ]?(.*)|(.*?)[-_ ](\d{5,}))$/.exec(file) ?? []
  const number = before ?? after
  return { name: one || two || file, ...(number && { number }) }
}

function faultOf(folders: readonly string[]): FileFault | undefined {
  if (folders.length === 0) return new FileFault('articles.file_without_folder')
  return folders.length > 3 ? new FileFault('articles.file_too_deep') : undefined
}

/** As it is written without `%`. */
export function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}
