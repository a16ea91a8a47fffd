import { Link } from '@tanstack/react-router'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'

// On a phone the parts stand in one row that scrolls: the open one begins in sight.
function showCurrent(nav: HTMLElement | null): void {
  const current = nav?.querySelector('[aria-current]')
  if (nav && current) nav.scrollLeft += current.getBoundingClientRect().right - nav.getBoundingClientRect().right
}

/** What belongs to the knowledge base: its articles, what readers say and do not find, what is missing, what means the same. */
export function ArticleParts() {
  const mayWrite = useMay('articles.write')
  return (
    <nav className="tabs" aria-label={t('articles.parts')} ref={showCurrent}>
      <Link to="/articles" activeOptions={{ exact: true, includeSearch: false }}>
        {t('articles.articles')}
      </Link>
      <Link to="/articles/votes">{t('upkeep.votes')}</Link>
      <Link to="/articles/unfound" activeOptions={{ includeSearch: false }}>
        {t('articles.unfound')}
      </Link>
      {mayWrite && <Link to="/articles/gaps">{t('upkeep.gaps')}</Link>}
      <Link to="/articles/synonyms" activeOptions={{ includeSearch: false }}>
        {t('articles.synonyms')}
      </Link>
    </nav>
  )
}
