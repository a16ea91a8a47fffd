import type { Language } from '@lahko/contract'
import { diffWordsWithSpace } from 'diff'
import { t } from '../../platform/words.ts'
import { shortened } from './shortened.ts'
import type { Content } from './use-article-draft.ts'

/** What is written of an article, in the order in which it is shown. */
export const parts = ['title', 'summary', 'keywords', 'body'] as const

/** What differs between two texts, word by word; what is the same is shortened. */
export function Difference({ before, after }: { before: Content; after: Content }) {
  const differing = parts.filter((part) => before[part] !== after[part])
  if (differing.length === 0) return <p className="quiet">{t('articles.noDifference')}</p>
  return (
    <dl className="ar-difference">
      {differing.map((part) => (
        <div key={part}>
          <dt className="label">{t(`articles.${part}`)}</dt>
          <dd>
            <Words before={before[part]} after={after[part]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The whole of a text with what differs from before marked in it. */
export function WholeDifference(props: { before: Content; after: Content; language: Language }) {
  const { before, after, language } = props
  return (
    <div className="stack" lang={language}>
      {parts.map((part) => (
        <div key={part} className={part === 'title' ? 'ae-page-title' : undefined}>
          <Words before={before[part]} after={after[part]} whole />
        </div>
      ))}
    </div>
  )
}

/** One text with what was taken away struck out and what came underlined. */
function Words({ before, after, whole = false }: { before: string; after: string; whole?: boolean }) {
  const changes = diffWordsWithSpace(before, after)
  return (
    <p className="ar-words-changed">
      {changes.map(({ value, added, removed }, place) => {
        if (added) return <ins key={place}>{value}</ins>
        if (removed) return <del key={place}>{value}</del>
        const edge = place === 0 ? 'first' : place === changes.length - 1 ? 'last' : undefined
        return <span key={place}>{whole ? value : shortened(value, edge)}</span>
      })}
    </p>
  )
}
