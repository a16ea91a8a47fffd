import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The demo's articles, and questions about them that were asked by people who had not read them. */
export const languages = ['en', 'sl', 'nb'] as const
export type Language = (typeof languages)[number]

export type Article = { slug: string; title: string; summary: string; keywords: string; headings: string; body: string }

/** Half of the articles and of the unanswerable questions are for tuning; what is reported is of the other. */
export type Half = 'tuning' | 'judging'

export type Questions = {
  language: Language
  /** By the slug of the article that answers them best. */
  answerable: Record<string, string[]>
  /** From other fields altogether. */
  off: string[]
  /** From the shop's own field, and answered by no article. */
  near: string[]
}

const help = fileURLToPath(new URL('../../apps/server/src/demo/help/', import.meta.url))
const seed = 'lahko search 1'

/** The articles of a language as they are searched: what a reader sees of the Markdown. */
export function readArticles(language: Language): Article[] {
  return readdirSync(help, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`.${language}.md`))
    .map((path) =>
      readArticle(path.split('/').at(-1)!.slice(0, -`.${language}.md`.length), readFileSync(help + path, 'utf8')),
    )
    .toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
}

function readArticle(slug: string, file: string): Article {
  const [, head, markdown] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file)!
  const field = (name: string) => (new RegExp(`^${name}: (.*)$`, 'm').exec(head!)?.[1] ?? '').replace(/^"(.*)"$/, '$1')
  return {
    slug,
    title: field('title'),
    summary: field('summary'),
    keywords: field('keywords'),
    headings: [...markdown!.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading).join('\n'),
    body: textOf(markdown!),
  }
}

function textOf(markdown: string): string {
  return markdown
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/^\|[-| :]+\|$/gm, '')
    .replaceAll(/[*_`|[\]>#]/g, ' ')
}

export function readQuestions(language: Language): Questions {
  return JSON.parse(readFileSync(new URL(`questions.${language}.json`, import.meta.url), 'utf8')) as Questions
}

/** By the article, so that none is tuned on and judged, and alike in all languages. */
export function halfOf(slug: string, slugs: readonly string[]): Half {
  return halvesOf(slugs).tuning.includes(slug) ? 'tuning' : 'judging'
}

/** Every second, in the order of their hashes. */
export function halvesOf(texts: readonly string[]): Record<Half, string[]> {
  const hash = (text: string) => createHash('sha256').update(`${seed} ${text}`).digest('hex')
  const mixed = texts.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1))
  return { tuning: mixed.filter((_, at) => at % 2 === 0), judging: mixed.filter((_, at) => at % 2 === 1) }
}
