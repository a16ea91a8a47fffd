import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { collectionsQuery } from '../articles/article-data.ts'
import { readingLanguage } from '../articles/linking.ts'
import { NewArticle } from '../articles/new-article.tsx'
import { ticketQuery } from './inbox-data.ts'
import { withoutPictures } from './pictures-in-text.ts'

const longestTitle = 160

type Props = {
  ids: readonly string[]
  /** What a member missed, where the draft closes a gap: it stands above the text. */
  missed?: string
  onMade?: (id: string) => void
  onClose: () => void
}

/** A new draft from a ticket: its subject is the title, what a member answered last is the text. */
export function ArticleFromTicket({ ids: [id = ''], missed, onMade, onClose }: Props) {
  const ticket = useQuery(ticketQuery(id))
  const collections = useQuery(collectionsQuery)
  const answer = useQuery({ queryKey: ['tickets', 'answer', id], queryFn: () => lastAnswer(id), staleTime: 0 })
  const failed = [ticket, collections, answer].find(({ isError }) => isError)
  if (ticket.data && collections.data && collections.data.length > 0 && answer.isSuccess) {
    const { subject, language } = ticket.data
    const body = [missed, answer.data].filter(Boolean).join('\n\n')
    const beginning = { title: subject.slice(0, longestTitle), body, language: readingLanguage(language) }
    return <NewArticle collections={collections.data} {...{ beginning, onMade, onClose }} />
  }
  return (
    <Dialog title={t('articles.fromTicket')} onClose={onClose}>
      {failed && <Failed error={failed.error} retry={() => void failed.refetch()} />}
      {!failed && collections.data?.length !== 0 && <Waiting />}
      {collections.data?.length === 0 && (
        <div className="stack">
          <p>{t('articles.noCollectionYet')}</p>
          <Link className="button" data-tone="accent" to="/articles" onClick={onClose}>
            {t('articles.toArticles')}
          </Link>
        </div>
      )}
    </Dialog>
  )
}

/** What a member answered last, without the pictures in it; nothing where nobody has answered. */
async function lastAnswer(id: string): Promise<string> {
  let after: string | undefined
  do {
    const page = await api.tickets.entries({ params: { id }, query: { after, limit: 60 } })
    const messages = page.items.flatMap((entry) => (entry.type === 'message' ? [entry.message] : []))
    const answers = messages.filter(({ kind, author }) => kind === 'reply' && author.kind === 'member')
    const last = answers.toSorted((one, other) => one.at.localeCompare(other.at)).at(-1)
    if (last) return withoutPictures(last.text)
    after = page.next ?? undefined
  } while (after !== undefined)
  return ''
}
