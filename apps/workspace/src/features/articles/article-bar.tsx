import type { Article, ArticleTranslation, Language } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useAction } from '../../platform/actions.ts'
import { languageName, moment, timeOf } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { Segments } from '../../platform/segments.tsx'
import { languageNames, t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { articleRulesQuery } from './article-rules-data.ts'
import { ArticleMenu, type Showing } from './article-menu.tsx'
import { EditSettings } from './edit-settings.tsx'
import { modes, type Mode } from './modes.ts'
import { ReviewBadge } from './review-state.tsx'
import { Schedule } from './schedule.tsx'
import { useSelf } from './self.ts'
import { lineIn, stateOf, waitsFor } from './states.ts'
import type { ArticleDraft } from './use-article-draft.ts'

const Publish = lazy(async () => ({ default: (await import('./publish.tsx')).Publish }))
const Review = lazy(async () => ({ default: (await import('./review.tsx')).Review }))
const Votes = lazy(async () => ({ default: (await import('./votes.tsx')).Votes }))
const Versions = lazy(async () => ({ default: (await import('./versions.tsx')).Versions }))

const route = getRouteApi('/inside/articles/$id/$language')
const all = Object.keys(languageNames) as Language[]

export type BarProps = {
  article: Article
  language: Language
  translation: ArticleTranslation | undefined
  draft: ArticleDraft
  mode: Mode
  onMode: (mode: Mode) => void
  /** Whether the original stands beside; undefined for the original itself. */
  beside: boolean | undefined
  onBeside: (beside: boolean) => void
}

/** Where one is, how the text stands, and what can be done with it. */
export function ArticleBar(props: BarProps) {
  const { article, language, translation, draft } = props
  const { show: asked } = route.useSearch()
  const navigate = route.useNavigate()
  const [chosen, setShowing] = useState<Showing>()
  const showing = chosen ?? asked
  // What is on its way is part of what is published, compared or taken back.
  const show = (one: Showing) => void draft.flush().then((kept) => kept && setShowing(one))
  const close = () => {
    setShowing(undefined)
    if (asked) void navigate({ search: {}, replace: true })
  }
  const given = { article, language, draft, onClose: close }
  useBarActions(props, show)
  return (
    <div className="ae-bar">
      <div className="toolbar">
        <Link className="button" data-size="small" data-tone="plain" to="/articles">
          <Icon name="left" /> {t('articles.articles')}
        </Link>
        <State translation={translation} />
        <ReviewBadge review={translation?.review ?? null} />
        <Kept draft={draft} translation={translation} />
        <div className="push buttons">
          <ArticleMenu {...props} onShow={show} />
          <NextStep {...props} onShow={show} />
        </div>
      </div>
      <div className="ae-tabs">
        <Languages article={article} language={language} />
        <Modes {...props} />
      </div>
      {translation && (
        <Suspense>
          {showing === 'publish' && (
            <Publish {...given} translation={translation} onSchedule={() => show('schedule')} />
          )}
          {showing === 'versions' && <Versions {...given} translation={translation} />}
          {showing === 'review' && <Review {...given} translation={translation} />}
        </Suspense>
      )}
      {showing === 'schedule' && translation && <Schedule {...given} translation={translation} />}
      <Suspense>{showing === 'votes' && <Votes article={article} onClose={close} />}</Suspense>
      {showing === 'settings' && <EditSettings article={article} onClose={close} />}
    </div>
  )
}

/** A review that waits, or an approval that is missing, comes before publishing. */
function NextStep(props: BarProps & { onShow: (one: Showing) => void }) {
  const { translation, onShow } = props
  const mayWrite = useMay('articles.write')
  const mayPublish = useMay('articles.publish')
  const forMe = useWaits(translation)
  const needsApproval = useNeedsApproval(translation)
  const isReviewed = !mayPublish || needsApproval || forMe
  if (!mayWrite && !mayPublish) return null
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      data-tone="accent"
      disabled={!isPublishable(props)}
      onClick={() => onShow(isReviewed ? 'review' : 'publish')}
    >
      {isReviewed
        ? t(forMe ? 'upkeep.review' : 'upkeep.askButton')
        : t(translation?.published ? 'articles.publishAnew' : 'articles.publish')}
    </button>
  )
}

function useWaits(translation: ArticleTranslation | undefined): boolean {
  const self = useSelf()
  return translation !== undefined && waitsFor(translation, self)
}

/** Whether the company wants an approval, and the draft as it is has none. */
function useNeedsApproval(translation: ArticleTranslation | undefined): boolean {
  const { data: rules } = useQuery(articleRulesQuery)
  return rules?.approvalNeeded === true && translation?.review?.state !== 'approved'
}

/** Whether readers do not see the draft yet. */
function isPublishable({ translation, draft }: BarProps): boolean {
  if (draft.content.title.trim() === '' || draft.state === 'failed' || draft.state === 'conflict') return false
  return draft.state !== 'kept' || (translation !== undefined && stateOf(translation) !== 'published')
}

function useBarActions(props: BarProps, show: (one: Showing) => void): void {
  const { mode, onMode, beside, onBeside, translation } = props
  const mayPublish = useMay('articles.publish')
  const mayWrite = useMay('articles.write')
  const needsApproval = useNeedsApproval(translation)
  const group = t('articles.article')
  const publish = () => show('publish')
  const review = () => show('review')
  useAction(
    mayWrite && translation
      ? { id: 'article.review', group, name: t('upkeep.review'), icon: 'people', keys: 'r', run: review }
      : null,
  )
  const votes = () => show('votes')
  useAction({ id: 'article.votes', group, name: t('upkeep.votes'), icon: 'touchpoints', keys: 'w', run: votes })
  useAction(
    mayPublish && !needsApproval && isPublishable(props)
      ? { id: 'article.publish', group, name: t('articles.publish'), icon: 'check', keys: 'p', run: publish }
      : null,
  )
  const versions = () => show('versions')
  useAction(
    translation
      ? { id: 'article.versions', group, name: t('articles.versions'), icon: 'clock', keys: 'v', run: versions }
      : null,
  )
  const settings = () => show('settings')
  useAction(
    mayWrite
      ? { id: 'article.settings', group, name: t('articles.settings'), icon: 'settings', keys: ',', run: settings }
      : null,
  )
  const turn = () => onMode(mode === 'preview' && mayWrite ? 'rich' : 'preview')
  useAction({ id: 'article.preview', group, name: t('articles.mode.preview'), icon: 'search', keys: 'o', run: turn })
  useAction(
    beside === undefined
      ? null
      : {
          ...{ id: 'article.beside', group, name: t('articles.beside'), icon: 'copy', keys: 'b' },
          run: () => onBeside(!beside),
        },
  )
}

function State({ translation }: { translation: ArticleTranslation | undefined }) {
  if (!translation)
    return (
      <span className="badge" data-shape="ring">
        {t('articles.state.new')}
      </span>
    )
  const { published, outdated, publishAt, unpublishAt } = translation
  const state = stateOf(translation)
  return (
    <>
      <span
        className="badge"
        data-tone={published ? 'good' : undefined}
        data-shape={state === 'draft' ? 'ring' : state === 'changed' ? 'half' : undefined}
        title={published ? moment(published.at) : undefined}
      >
        {t(`articles.state.${state}`)}
      </span>
      {outdated && (
        <span className="badge" data-tone="warn">
          {t('articles.outdated')}
        </span>
      )}
      {publishAt && <span className="badge">{t('articles.publishesAt', { when: moment(publishAt) })}</span>}
      {unpublishAt && <span className="badge">{t('articles.endsAt', { when: moment(unpublishAt) })}</span>}
    </>
  )
}

function Kept({ draft, translation }: { draft: ArticleDraft; translation: ArticleTranslation | undefined }) {
  const { state } = draft
  const when = translation && timeOf(translation.editedAt)
  const words = {
    waiting: t('articles.writing'),
    untitled: t('articles.notKeptShort'),
    saving: t('articles.saving'),
    failed: t('articles.notKeptShort'),
    conflict: t('articles.notKeptShort'),
    kept: when ? t('articles.keptAt', { when }) : '',
  }
  return (
    <span className="quiet" aria-live="polite">
      {words[state]}
    </span>
  )
}

function Languages({ article, language }: { article: Article; language: Language }) {
  return (
    <nav className="tabs" aria-label={t('articles.languages')}>
      {all.map((one) => {
        const line = lineIn(article, one)
        return (
          <Link
            key={one}
            to="/articles/$id/$language"
            params={{ id: article.id, language: one }}
            aria-current={one === language ? 'page' : undefined}
          >
            <span lang={one}>{languageNames[one]}</span>
            {one === article.mainLanguage && <span className="count">{t('articles.original')}</span>}
            {!line && <span className="count">{t('articles.notThere')}</span>}
            {line?.outdated && (
              <span className="badge" data-tone="warn">
                {t('articles.outdated')}
                <span className="visually-hidden"> ({languageName(one)})</span>
              </span>
            )}
          </Link>
        )
      })}
    </nav>
  )
}

function Modes({ mode, onMode }: BarProps) {
  const mayWrite = useMay('articles.write')
  return (
    <Segments
      label={t('articles.how')}
      size="small"
      of={modes.filter((one) => mayWrite || one === 'preview')}
      chosen={mode}
      name={(one) => t(`articles.mode.${one}`)}
      onChoose={onMode}
    />
  )
}
