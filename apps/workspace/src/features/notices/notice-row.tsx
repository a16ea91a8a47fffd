import type { ArticleNoticeData, Notice } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ago, moment } from '../../platform/format.ts'
import { Icon, type IconName } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { alarmFigure, mute, unmute } from './notice-data.ts'

/** One notice: it opens what it tells of, and can be muted with all that is like it. */
export function NoticeRow({ notice, fresh }: { notice: Notice; fresh: boolean }) {
  const now = useNow()
  const { at, muted } = notice
  const detail = detailOf(notice)
  return (
    <li className="row no-row" data-seen={!fresh || muted ? '' : undefined}>
      <span className="row-lead">
        <Icon name={icons[notice.kind]} />
      </span>
      <span className="no-words">
        <Title notice={notice} />{' '}
        {fresh && !muted && (
          <span className="badge" data-tone="accent">
            {t('notices.new')}
          </span>
        )}
        <span className="row-text">{detail}</span>
      </span>
      <span className="row-end no-end">
        <time dateTime={at} title={moment(at)}>
          {ago(at, now)}
        </time>
        {notice.kind !== 'test' && <Muting notice={notice} />}
      </span>
    </li>
  )
}

const icons: Readonly<Record<Notice['kind'], IconName>> = {
  hard_answer: 'faceHard',
  effort_alarm: 'effort',
  ticket_assigned: 'person',
  ticket_mentioned: 'note',
  ticket_message: 'tray',
  ticket_new: 'tray',
  ticket_unowned: 'clock',
  ticket_woken: 'clock',
  mailbox_failing: 'warning',
  article_review: 'people',
  article_due: 'clock',
  article_comment: 'touchpoints',
  test: 'bell',
}

function Title({ notice }: { notice: Notice }) {
  switch (notice.kind) {
    case 'hard_answer': {
      const { family, score, max } = notice.data
      return (
        <Link className="row-title" to="/answers/$id" params={{ id: notice.subjectId }}>
          {t('notices.hardAnswer', { family, score, max })}
        </Link>
      )
    }
    case 'effort_alarm': {
      const { surveyKey: survey, from, to, family, ease, signal } = notice.data
      const period = from === to ? ({ period: 'day', at: to } as const) : ({ period: 'days', from, to } as const)
      return (
        <Link className="row-title" to="/effort" search={{ survey, ...period }}>
          {t('notices.alarm', { family, ease, signal })}
        </Link>
      )
    }
    case 'test':
      return <span className="row-title">{t('notices.test', { kind: t(`notices.kind.${notice.data.of}`) })}</span>
    case 'ticket_unowned':
    case 'ticket_woken':
    case 'ticket_new': {
      const { ticketId, number, minutes = 0 } = notice.data
      return (
        <Link className="row-title" to="/tickets/$id" params={{ id: ticketId }}>
          {t(`notices.${notice.kind}`, { number: String(number), minutes })}
        </Link>
      )
    }
    case 'article_review':
      return (
        <ArticleLink data={notice.data} show="review">
          {t('notices.article_review', { ...notice.data, by: notice.data.member ? 'member' : 'other' })}
        </ArticleLink>
      )
    case 'article_due':
      return <ArticleLink data={notice.data}>{t('notices.article_due')}</ArticleLink>
    case 'article_comment':
      return (
        <ArticleLink data={notice.data} show="votes">
          {t('notices.article_comment')}
        </ArticleLink>
      )
    case 'mailbox_failing':
      if (notice.data.reason === 'outbox') {
        return (
          <Link className="row-title" to="/outbox">
            {t('notices.mailbox.outbox')}
          </Link>
        )
      }
      return <span className="row-title">{t(`notices.mailbox.${notice.data.reason}`)}</span>
    default: {
      const { ticketId, number, by, member } = notice.data
      return (
        <Link className="row-title" to="/tickets/$id" params={{ id: ticketId }}>
          {t(`notices.${notice.kind}`, { number: String(number), by, member })}
        </Link>
      )
    }
  }
}

type ArticleLinkProps = { data: ArticleNoticeData; show?: 'review' | 'votes'; children: ReactNode }

function ArticleLink({ data: { articleId: id, language }, show, children }: ArticleLinkProps) {
  return (
    <Link className="row-title" to="/articles/$id/$language" params={{ id, language }} search={{ show }}>
      {children}
    </Link>
  )
}

/** About what it is, where the title does not say it. */
function detailOf(notice: Notice): string {
  const { topic } = notice
  if (notice.kind === 'mailbox_failing' || notice.kind.startsWith('article_')) return topic
  if (notice.kind === 'hard_answer') {
    return `${topic} · ${t(notice.data.commented ? 'notices.commented' : 'notices.uncommented')}`
  }
  if (notice.kind !== 'effort_alarm') return ''
  const { data } = notice
  const [value, usual] = [alarmFigure(data, data.value), alarmFigure(data, data.usual)]
  const { metric, family, signal, n } = data
  return `${topic} · ${t('notices.figures', { metric, family, signal, value, usual, n })}`
}

function Muting({ notice }: { notice: Notice }) {
  const { muted, topic } = notice
  if (muted)
    return (
      <button type="button" className="button" data-size="small" onClick={() => void unmute(muted.id)}>
        {t('notices.hearAgain')}
      </button>
    )
  return (
    <Popover
      label={<Icon name="more" />}
      name={t('notices.muteThis', { topic })}
      size="small"
      tone="plain"
      iconOnly
      arrow={false}
    >
      {(close) =>
        (
          [
            ['day', 1],
            ['week', 7],
            ['good', null],
          ] as const
        ).map(([name, days]) => (
          <MenuItem key={name} onPick={() => (close(), void mute(notice, days))}>
            {t(`notices.mute.${name}`)}
          </MenuItem>
        ))
      }
    </Popover>
  )
}
