import { useNavigate } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { IconMenu } from '../../platform/icon-menu.tsx'
import { MenuItem } from '../../platform/popover.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { languageName } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { refreshArticles } from './article-data.ts'
import type { BarProps } from './article-bar.tsx'
import { confirm } from './confirming.ts'
import { keepTranslation } from './use-article-draft.ts'

export type Showing = 'publish' | 'schedule' | 'versions' | 'settings' | 'review' | 'votes'

/** What is done with an article less often. */
export function ArticleMenu(props: BarProps & { onShow: (one: Showing) => void }) {
  const { article, language, translation, beside, onBeside, onShow } = props
  const mayWrite = useMay('articles.write')
  const mayPublish = useMay('articles.publish')
  const navigate = useNavigate()
  const key = (cap: string) => <span className="kbd">{cap}</span>
  const isRemovable = translation && !translation.published && language !== article.mainLanguage
  return (
    <IconMenu name={t('articles.moreToDo')}>
      {(done) => (
        <>
          {beside !== undefined && (
            <MenuItem icon="copy" chosen={beside} onPick={done(() => onBeside(!beside))}>
              {t('articles.beside')}
            </MenuItem>
          )}
          {translation && (
            <MenuItem icon="clock" onPick={done(() => onShow('versions'))} end={key('v')}>
              {t('articles.versions')}
            </MenuItem>
          )}
          {mayWrite && translation && (
            <MenuItem icon="people" onPick={done(() => onShow('review'))} end={key('r')}>
              {t('upkeep.review')}
            </MenuItem>
          )}
          <MenuItem icon="touchpoints" onPick={done(() => onShow('votes'))} end={key('w')}>
            {t('upkeep.votes')}
          </MenuItem>
          {mayWrite && (article.reviewOn ?? article.reviewMonths) !== null && (
            <MenuItem icon="check" onPick={done(() => void confirm(article))}>
              {t('upkeep.stillRight')}
            </MenuItem>
          )}
          {mayPublish && translation && (
            <MenuItem icon="bell" onPick={done(() => onShow('schedule'))}>
              {t('articles.schedule')}
            </MenuItem>
          )}
          {mayWrite && (
            <MenuItem icon="settings" onPick={done(() => onShow('settings'))} end={key(',')}>
              {t('articles.settings')}
            </MenuItem>
          )}
          {translation?.published && (
            <MenuItem icon="right" onPick={done(() => void window.open(pageOf(props), '_blank', 'noopener'))}>
              {t('articles.seePage')}
            </MenuItem>
          )}
          {mayPublish && translation?.published && (
            <MenuItem icon="down" bad onPick={done(() => void unpublish(props))}>
              {t('articles.unpublish')}
            </MenuItem>
          )}
          {mayWrite && isRemovable && (
            <MenuItem
              icon="cross"
              bad
              onPick={done(
                () =>
                  void removeTranslation(props, () =>
                    navigate({
                      to: '/articles/$id/$language',
                      params: { id: article.id, language: article.mainLanguage },
                    }),
                  ),
              )}
            >
              {t('articles.removeTranslation')}
            </MenuItem>
          )}
        </>
      )}
    </IconMenu>
  )
}

function pageOf({ article, language }: BarProps): string {
  return `/help/${language}/${article.slug}`
}

/** Readers see it no more; as long as nobody changed it, it can be published again as it was. */
async function unpublish({ article: { id }, language }: BarProps): Promise<void> {
  const params = { id, language }
  try {
    const before = await api.articles.getTranslation({ params })
    await api.articles.unpublish({ params })
    keepTranslation(id, await api.articles.getTranslation({ params }))
    const again = async () => {
      const body = { revision: before.revision }
      keepTranslation(id, await api.articles.publish({ params, body }))
    }
    const undo = before.changed ? undefined : () => void again().catch(sayFailure)
    say(t('articles.wasUnpublished', { language: languageName(language) }), undo)
  } catch (error) {
    sayFailure(error)
  }
  await refreshArticles()
}

/** Removes a translation; for ten seconds it can be written again as it was. */
async function removeTranslation({ article: { id }, language, draft }: BarProps, leave: () => unknown): Promise<void> {
  const params = { id, language }
  const { content } = draft
  try {
    await draft.flush()
    await api.articles.removeTranslation({ params })
    leave()
    const again = () => api.articles.saveDraft({ params, body: { ...content, revision: null } })
    say(t('articles.removed', { title: content.title }), () => {
      void again()
        .then((made) => keepTranslation(id, made))
        .catch(sayFailure)
    })
  } catch (error) {
    sayFailure(error)
  }
  await refreshArticles()
}
