import { IntlMessageFormat } from 'intl-messageformat'
import { createElement, Fragment, type ReactNode } from 'react'
import type { Language } from '@lahko/contract'
import type { words as english } from '../words/en.ts'

type Catalogues = typeof english
/** A name in a feature's catalogue, `<feature>.<name>`. */
export type WordKey = { [F in keyof Catalogues]: `${F}.${keyof Catalogues[F] & string}` }[keyof Catalogues]
type Plain = string | number | boolean | Date | null | undefined
type Args = Record<string, Plain>
type RichArgs = Record<string, Plain | ReactNode | ((parts: ReactNode[]) => ReactNode)>

/** The locale whose dates, numbers and plurals a language uses. English reads dates as in Europe. */
const localeOf: Readonly<Record<Language, string>> = { en: 'en-GB', sl: 'sl-SI', nb: 'nb-NO' }
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', sl: 'Slovenščina', nb: 'Norsk' }

const loaders: Record<Language, () => Promise<{ words: Catalogues }>> = {
  en: () => import('../words/en.ts'),
  sl: () => import('../words/sl.ts'),
  nb: () => import('../words/nb.ts'),
}
const kept = 'lahko.language'
let chosen: Language = 'en'
let catalogues: Catalogues | undefined
const formatters = new Map<WordKey, IntlMessageFormat>()

/** The language of the screens. */
export function language(): Language {
  return chosen
}

export function locale(): string {
  return localeOf[chosen]
}

/** Loads the words of a language; everything drawn afterwards is in it. Without one: the last used, else the browser's. */
export async function speak(wanted: Language = rememberedLanguage()): Promise<void> {
  if (catalogues && wanted === chosen) return
  catalogues = (await loaders[wanted]()).words
  chosen = wanted
  formatters.clear()
  localStorage.setItem(kept, wanted)
  document.documentElement.lang = wanted
}

/** A sentence in the language of the screens. */
export function t(key: WordKey, args: Args = {}): string {
  return String(formatterOf(key).format(args))
}

/** A sentence with parts that are more than text: `<b>…</b>` in the words calls `b`, `{who}` may be an element. */
export function rich(key: WordKey, args: RichArgs): ReactNode {
  const parts = formatterOf(key).format<ReactNode>(args as never)
  return Array.isArray(parts)
    ? createElement(Fragment, null, ...parts.map((part, place) => createElement(Fragment, { key: place }, part)))
    : parts
}

function formatterOf(key: WordKey): IntlMessageFormat {
  const known = formatters.get(key)
  if (known) return known
  const dot = key.indexOf('.')
  const catalogue: Record<string, string> | undefined = catalogues?.[key.slice(0, dot) as keyof Catalogues]
  const made = new IntlMessageFormat(catalogue?.[key.slice(dot + 1)] ?? key, localeOf[chosen])
  formatters.set(key, made)
  return made
}

function rememberedLanguage(): Language {
  const wishes = [localStorage.getItem(kept), ...navigator.languages]
  for (const wish of wishes) {
    const short = wish?.toLowerCase().split('-')[0] ?? ''
    if (short === 'no' || short === 'nn') return 'nb'
    if (short in localeOf) return short as Language
  }
  return 'en'
}
