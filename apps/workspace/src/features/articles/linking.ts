import type { Language } from '@lahko/contract'
import { language as ownLanguage } from '../../platform/words.ts'

type Found = { title: string; slug: string; language: Language }

/**
 * An article as it stands in a reply: its title, leading to its page.
 * @param origin of the workspace as customers know it, wherever its members are
 */
export function articleLink({ title, slug, language }: Found, origin: string): string {
  const words = title.replaceAll(/[[\]]/g, ' ').trim()
  return `[${words}](${origin}/help/${language}/${slug})`
}

/** The language in which a customer reads articles, of what is known of theirs; else the reader's own. */
export function readingLanguage(code: string | null): Language {
  const short = code?.toLowerCase().split(/[-_]/)[0] ?? ''
  if (short === 'no' || short === 'nn') return 'nb'
  return (['en', 'sl', 'nb'] as const).find((one) => one === short) ?? ownLanguage()
}
