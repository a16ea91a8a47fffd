import type { Collection } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { Dialog } from '../../platform/dialog.tsx'
import { t } from '../../platform/words.ts'
import { EditSynonyms } from './edit-synonyms.tsx'
import { NewArticle } from './new-article.tsx'
import { PickForKeywords } from './pick-for-keywords.tsx'
import { plainWords, settleQuestion, type Question } from './settling.ts'

/** What is being done about a question. */
export type Doing = { kind: 'article' | 'synonym' | 'keywords'; question: Question }

const longestTitle = 160
const longestPhrase = 4

type Props = { doing: Doing | undefined; collections: readonly Collection[]; onClose: () => void }

/** The dialog by which something is done about a question. */
export function UnfoundDialogs({ doing, collections, onClose }: Props) {
  if (!doing) return null
  const { kind, question } = doing
  const words = plainWords(question.words)
  if (kind === 'keywords') return <PickForKeywords question={question} onClose={onClose} />
  if (kind === 'synonym') {
    // A whole question is no phrase: what is to be found by which of its words is for its reader to say.
    const begun = words.split(' ').length > longestPhrase ? [] : [words]
    return (
      <EditSynonyms
        given={{ language: question.language, words: begun }}
        tryOut={words}
        onSaved={(takeBack) => void settleQuestion(question, 'synonym', takeBack)}
        onClose={onClose}
      />
    )
  }
  if (collections.length === 0) return <NoCollection onClose={onClose} />
  return (
    <NewArticle
      collections={collections}
      beginning={{ title: words.slice(0, longestTitle), language: question.language }}
      onMade={() => void settleQuestion(question, 'article')}
      onClose={onClose}
    />
  )
}

function NoCollection({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('articles.new')} onClose={onClose}>
      <div className="stack">
        <p>{t('articles.noCollectionYet')}</p>
        <Link className="button" data-tone="accent" to="/articles" onClick={onClose}>
          {t('articles.toArticles')}
        </Link>
      </div>
    </Dialog>
  )
}
