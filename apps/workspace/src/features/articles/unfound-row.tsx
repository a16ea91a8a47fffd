import type { Language, UnfoundQuestion } from '@lahko/contract'
import { day } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { IconMenu } from '../../platform/icon-menu.tsx'
import { MenuItem } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { settleQuestion } from './settling.ts'
import type { Doing } from './unfound-dialogs.tsx'

type Props = { one: UnfoundQuestion; language: Language; onDo: (doing: Doing) => void }

/** One question: how it is asked, how it went, and what can be done about it. */
export function UnfoundRow({ one, language, onDo }: Props) {
  const mayWrite = useMay('articles.write')
  const { words, otherWords, asked, foundNothing, fittedPoorly, openedNothing, lastOn } = one
  const question = { language, question: one.question, words }
  const facts = [
    t('articles.asked', { count: asked }),
    ...(foundNothing > 0 ? [t('articles.foundNothing', { count: foundNothing })] : []),
    ...(fittedPoorly > 0 ? [t('articles.fittedPoorly', { count: fittedPoorly })] : []),
    ...(openedNothing > 0 ? [t('articles.openedNothing', { count: openedNothing })] : []),
    t('articles.askedLast', { day: day(lastOn) }),
  ]
  const write = () => onDo({ kind: 'article', question })
  return (
    <li className="row ar-question">
      <span className="row-lead">
        <Icon name="search" />
      </span>
      <span className="ar-asked">
        {mayWrite ? (
          <button type="button" className="row-title" lang={language} onClick={write}>
            {words}
          </button>
        ) : (
          <strong lang={language}>{words}</strong>
        )}
        <span className="row-text">{facts.join(' · ')}</span>
        {otherWords.length > 0 && (
          <span className="row-text">
            {t('articles.alsoAskedAs')} <span lang={language}>{otherWords.join(' · ')}</span>
          </span>
        )}
      </span>
      <span className="row-end cluster">
        {mayWrite && (
          <button
            type="button"
            className="button"
            data-size="small"
            aria-label={t('articles.writeAbout', { words })}
            onClick={write}
          >
            {t('articles.writeOne')}
          </button>
        )}
        <QuestionMenu {...{ question, onDo, mayWrite }} />
      </span>
    </li>
  )
}

function QuestionMenu(props: { question: Doing['question']; onDo: Props['onDo']; mayWrite: boolean }) {
  const { question, onDo, mayWrite } = props
  const address = `/help/search?${new URLSearchParams({ q: question.words, lang: question.language }).toString()}`
  return (
    <IconMenu name={t('articles.moreFor', { name: question.words })}>
      {(done) => (
        <>
          {mayWrite && (
            <>
              <MenuItem icon="merge" onPick={done(() => onDo({ kind: 'synonym', question }))}>
                {t('articles.addSynonym')}
              </MenuItem>
              <MenuItem icon="link" onPick={done(() => onDo({ kind: 'keywords', question }))}>
                {t('articles.addKeywords')}
              </MenuItem>
            </>
          )}
          <MenuItem icon="right" onPick={done(() => void window.open(address, '_blank', 'noopener'))}>
            {t('articles.seeWhatIsFound')}
          </MenuItem>
          {mayWrite && (
            <MenuItem icon="cross" onPick={done(() => void settleQuestion(question, 'dismissed'))}>
              {t('articles.dismiss')}
            </MenuItem>
          )}
        </>
      )}
    </IconMenu>
  )
}
