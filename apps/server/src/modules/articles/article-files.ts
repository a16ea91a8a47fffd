import { audiences } from '@lahko/contract/articles'
import { languages, localDate, text, type Language, type Translated } from '@lahko/contract/values'
import { z } from 'zod'
import { isReserved } from './addresses.ts'

/** A file of a folder, by its path in it, with `/` between names. */
export type TextFile = { path: string; text: string }
/** A file that is no text, such as a picture; it is read only where it is needed. */
export type OtherFile = { path: string; read(): Promise<Buffer> }
export type FolderEntry = TextFile | OtherFile

export function isText(file: FolderEntry): file is TextFile {
  return 'text' in file
}

/** What stands in the head of an article's file. */
export type Head = {
  title: string
  summary: string
  keywords?: string
  audience?: (typeof audiences)[number]
  organisations?: string[]
  review?: string
  /** Whether readers see it; they do unless it says no. */
  published?: boolean
}
export type ArticleFile = Head & { body: string }

const head = z.strictObject({
  title: text(160, 1),
  summary: text(400).default(''),
  keywords: text(1000).optional(),
  audience: z.enum(audiences).optional(),
  organisations: z.array(text(200, 1)).max(50).optional(),
  review: localDate.optional(),
  published: z.literal('no').optional(),
})

/** Whatever is wrong with a file: the name of a sentence, and what is told in it. */
export class FileFault extends Error {
  readonly code: string
  readonly args: Record<string, unknown>

  constructor(code: string, args: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.args = args
  }
}

/** Reads `---`, a line for each field, `---`, and Markdown after it. @throws FileFault */
export function readArticleFile(given: string): ArticleFile {
  const plain = given.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n')
  const [, fields, rest] = /^---\n([\s\S]*?)\n---(?:\n([\s\S]*))?$/.exec(plain) ?? []
  if (fields === undefined) throw new FileFault('articles.file_without_head')
  const lines = fields.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const read = head.safeParse(Object.fromEntries(lines.map(readLine)))
  if (!read.success)
    throw new FileFault('articles.file_field', { field: String(read.error.issues[0]!.path[0] ?? unknownIn(lines)) })
  if (read.data.audience === 'organisations' && !read.data.organisations?.length) {
    throw new FileFault('articles.file_field', { field: 'organisations' })
  }
  const body = text(100_000).safeParse(rest ?? '')
  if (!body.success) throw new FileFault('articles.file_body')
  const { published, ...others } = read.data
  return { ...others, ...(published && { published: false }), body: body.data }
}

/** The same, as a file: what was read from a file that this wrote is written alike. */
export function writeArticleFile({ body, ...given }: ArticleFile): string {
  const lines = [
    `title: ${quotedIfNeeded(given.title)}`,
    `summary: ${quotedIfNeeded(given.summary)}`,
    ...(given.keywords ? [`keywords: ${quotedIfNeeded(given.keywords)}`] : []),
    ...(given.audience && given.audience !== 'public' ? [`audience: ${given.audience}`] : []),
    ...(given.organisations?.length ? [`organisations: ${JSON.stringify(given.organisations)}`] : []),
    ...(given.review ? [`review: ${given.review}`] : []),
    ...(given.published === false ? ['published: no'] : []),
  ]
  return `---\n${lines.join('\n')}\n---\n${body}\n`
}

const named = z.strictObject({
  titles: z
    .strictObject({ en: text(120, 1).optional(), sl: text(120, 1).optional(), nb: text(120, 1).optional() })
    .optional(),
  order: z.array(z.string().max(100)).max(2000).optional(),
})

/** What a folder is called and in which order it holds its things: `collection.json`. */
export type FolderFile = { titles?: Translated; order?: string[] }

/** @throws FileFault */
export function readFolderFile(given: string): FolderFile {
  try {
    return named.parse(JSON.parse(given))
  } catch {
    throw new FileFault('articles.file_not_collection')
  }
}

export function writeFolderFile(folder: FolderFile): string {
  return `${JSON.stringify(folder, undefined, 2)}\n`
}

/** Which article a file is, in which language; undefined where the name says none. @throws FileFault */
export function readFileName(path: string): { folders: string[]; slug: string; language?: Language } {
  const folders = path.split('/')
  const name = folders.pop()!
  const [, slug, , language] = /^([a-z0-9][a-z0-9-]{0,38}[a-z0-9])(\.([a-z]{2}))?\.md$/.exec(name) ?? []
  if (slug === undefined || isReserved(slug)) throw new FileFault('articles.file_name')
  if (language !== undefined && !(languages as readonly string[]).includes(language)) {
    throw new FileFault('articles.file_language', { language })
  }
  if (folders.length === 0) throw new FileFault('articles.file_without_folder')
  if (folders.length > 3) throw new FileFault('articles.file_too_deep')
  const odd = folders.find((folder) => !/^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(folder) || isReserved(folder))
  if (odd !== undefined) throw new FileFault('articles.file_folder_name', { name: odd })
  return { folders, slug, ...(language !== undefined && { language: language as Language }) }
}

function readLine(line: string): [string, unknown] {
  const [, name, value] = /^([a-z]+):\s*(.*?)\s*$/.exec(line) ?? []
  if (name === undefined || value === undefined)
    throw new FileFault('articles.file_field', { field: line.slice(0, 40) })
  if (/^["[]/.test(value)) return [name, parsed(name, value)]
  return [name, /^'.*'$/.test(value) ? value.slice(1, -1).replaceAll("''", "'") : value]
}

function parsed(field: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new FileFault('articles.file_field', { field })
  }
}

function unknownIn(lines: readonly string[]): string {
  return lines.map((line) => line.split(':')[0]!).find((name) => !(name in head.shape)) ?? ''
}

/** As YAML needs it, so that other programs read the same. */
function quotedIfNeeded(value: string): string {
  return /^$|^['"[\]{}#&*!|>%@`?,-]|: |:$| #|\n/.test(value) ? JSON.stringify(value) : value
}
