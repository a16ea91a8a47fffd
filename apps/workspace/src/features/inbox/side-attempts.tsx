import type { Ticket } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'

/** What the customer had searched for and read before they asked: nobody has to send it to them again. */
export function SideAttempts({ ticket: { tried } }: { ticket: Ticket }) {
  const may = useMay('articles.read')
  if (tried.length === 0) return null
  return (
    <section>
      <h2>{t('inbox.tried')}</h2>
      <ul className="in-tried">
        {tried.map(({ kind, text, articleId, language }, place) => (
          <li key={`${place} ${text}`}>
            <Icon name={kind === 'search' ? 'search' : 'book'} />
            <span>
              <span className="visually-hidden">{t(`inbox.triedBy.${kind}`)} </span>
              {may && articleId && language ? (
                <Link to="/articles/$id/$language" params={{ id: articleId, language }} lang={language}>
                  {text}
                </Link>
              ) : (
                <span lang={language ?? undefined}>{kind === 'search' ? t('inbox.searched', { text }) : text}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
