import type { Article, Language } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { day, languageName, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { IconMenu } from '../../platform/icon-menu.tsx'
import { MenuItem } from '../../platform/popover.tsx'
import { language as ownLanguage, t } from '../../platform/words.ts'
import { Grip } from './grip.tsx'
import { confirm } from './confirming.ts'
import { isReviewDue, missingIn, shownLine, stateOf, waitsFor, type Line } from './states.ts'
import { useTree } from './tree-context.ts'

/** One article: its title, and how each of its languages stands. */
export function ArticleRow({ article }: { article: Article }) {
  const { mayWrite, stepArticle, dragged } = useTree()
  const { id, slug, audience, mainLanguage } = article
  const shown = shownLine(article, ownLanguage())
  const title = shown?.title ?? slug
  const onKey = (key: string) => {
    const by = ({ ArrowUp: -1, ArrowDown: 1 } as const)[key]
    if (by) stepArticle(article, by)
    return by !== undefined
  }
  return (
    <li className="ar-row" data-drop={`article:${id}`} data-dragged={dragged?.id === id || undefined}>
      <Grip kind="article" id={id} name={title} onKey={onKey} />
      <div className="ar-words">
        <Link
          className="row-title ar-title"
          to="/articles/$id/$language"
          params={{ id, language: shown?.language ?? mainLanguage }}
          lang={shown?.language}
        >
          {title}
        </Link>
        <span className="ar-facts">
          {audience !== 'public' && <span className="tag">{t(`articles.audience.${audience}`)}</span>}
          <ReviewDue article={article} />
          <WaitsForMe article={article} />
        </span>
      </div>
      <Languages article={article} />
      {mayWrite && <ArticleMenu article={article} title={title} />}
    </li>
  )
}

function ReviewDue({ article }: { article: Article }) {
  const { today } = useTree()
  if (!article.reviewOn || !isReviewDue(article, today)) return null
  return (
    <span className="badge" data-tone="warn">
      {t('articles.reviewDue', { date: day(article.reviewOn) })}
    </span>
  )
}

function WaitsForMe({ article }: { article: Article }) {
  const { self } = useTree()
  if (!article.translations.some((line) => waitsFor(line, self))) return null
  return (
    <span className="badge" data-tone="accent">
      {t('upkeep.waitsForYou')}
    </span>
  )
}

function Languages({ article }: { article: Article }) {
  const { mayWrite } = useTree()
  return (
    <ul className="ar-languages" aria-label={t('articles.languages')}>
      {article.translations.map((line) => (
        <li key={line.language}>
          <LanguageState id={article.id} line={line} />
        </li>
      ))}
      {mayWrite &&
        missingIn(article).map((one) => (
          <li key={one}>
            <Link
              className="ar-missing"
              to="/articles/$id/$language"
              params={{ id: article.id, language: one }}
              title={t('articles.translateInto', { language: languageName(one) })}
            >
              <Icon name="plus" />
              <span aria-hidden="true">{one}</span>
              <span className="visually-hidden">{t('articles.translateInto', { language: languageName(one) })}</span>
            </Link>
          </li>
        ))}
    </ul>
  )
}

const looks = {
  draft: { tone: undefined, shape: 'ring' },
  changed: { tone: 'good', shape: 'half' },
  published: { tone: 'good', shape: undefined },
} as const

function LanguageState({ id, line }: { id: string; line: Line }) {
  const { language, outdated } = line
  const state = stateOf(line)
  const words = [
    ...(state === 'published' ? [] : [t(`articles.state.${state}`)]),
    ...(outdated ? [t('articles.outdated')] : []),
    ...(line.review && line.review.state !== 'over' ? [t(`upkeep.state.${line.review.state}`)] : []),
    ...(line.publishAt ? [t('articles.publishesAt', { when: moment(line.publishAt) })] : []),
    ...(line.unpublishAt ? [t('articles.endsAt', { when: moment(line.unpublishAt) })] : []),
  ]
  return (
    <Link
      className="badge ar-language"
      data-tone={outdated ? 'warn' : looks[state].tone}
      data-shape={looks[state].shape}
      to="/articles/$id/$language"
      params={{ id, language: language as Language }}
      title={languageName(language)}
    >
      <span aria-hidden="true">{language}</span>
      <span className="visually-hidden">
        {languageName(language)}
        {state === 'published' && `, ${t('articles.state.published')}`}
      </span>
      {words.length > 0 && <span className="ar-said">{words.join(', ')}</span>}
    </Link>
  )
}

function ArticleMenu({ article, title }: { article: Article; title: string }) {
  const { ask, stepArticle, narrowed } = useTree()
  const published = article.translations.some((line) => line.published)
  return (
    <IconMenu name={t('articles.moreFor', { name: title })}>
      {(done) => (
        <>
          {!narrowed && (
            <>
              <MenuItem icon="up" onPick={done(() => stepArticle(article, -1))}>
                {t('articles.moveUp')}
              </MenuItem>
              <MenuItem icon="down" onPick={done(() => stepArticle(article, 1))}>
                {t('articles.moveDown')}
              </MenuItem>
            </>
          )}
          {(article.reviewOn ?? article.reviewMonths) !== null && (
            <MenuItem icon="check" onPick={done(() => void confirm(article))}>
              {t('upkeep.stillRight')}
            </MenuItem>
          )}
          <MenuItem icon="right" onPick={done(() => ask({ kind: 'move-article', article }))}>
            {t('articles.moveElsewhere')}
          </MenuItem>
          {!published && (
            <MenuItem icon="cross" bad onPick={done(() => ask({ kind: 'remove-article', article }))}>
              {t('articles.remove')}
            </MenuItem>
          )}
        </>
      )}
    </IconMenu>
  )
}
