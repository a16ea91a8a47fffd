import { Link } from '@tanstack/react-router'
import { t } from '../../platform/words.ts'

/** What belongs to the knowledge base: its articles, what readers do not find in it, and what means the same. */
export function ArticleParts() {
  return (
    <nav className="tabs" aria-label={t('articles.parts')}>
      <Link to="/articles" activeOptions={{ exact: true, includeSearch: false }}>
        {t('articles.articles')}
      </Link>
      <Link to="/articles/unfound" activeOptions={{ includeSearch: false }}>
        {t('articles.unfound')}
      </Link>
      <Link to="/articles/synonyms" activeOptions={{ includeSearch: false }}>
        {t('articles.synonyms')}
      </Link>
    </nav>
  )
}
