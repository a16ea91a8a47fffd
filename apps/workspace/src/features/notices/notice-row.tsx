import type { Notice } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { alarmFigure, mute, unmute } from './notice-data.ts'

/** One notice: it opens what it tells of, and can be muted with all that is like it. */
export function NoticeRow({ notice, fresh }: { notice: Notice; fresh: boolean }) {
  const now = useNow()
  const { at, muted, topic } = notice
  return (
    <li className="row no-row" data-seen={!fresh || muted ? '' : undefined}>
      <span className="row-lead">
        <Icon name={notice.kind === 'hard_answer' ? 'faceHard' : 'effort'} />
      </span>
      <span className="no-words">
        <Title notice={notice} />{' '}
        {fresh && !muted && (
          <span className="badge" data-tone="accent">
            {t('notices.new')}
          </span>
        )}
        <span className="row-text">
          {topic} · {detailOf(notice)}
        </span>
      </span>
      <span className="row-end no-end">
        <time dateTime={at} title={moment(at)}>
          {ago(at, now)}
        </time>
        <Muting notice={notice} />
      </span>
    </li>
  )
}

function Title({ notice }: { notice: Notice }) {
  const { kind, data, subjectId } = notice
  if (kind === 'hard_answer') {
    return (
      <Link className="row-title" to="/answers/$id" params={{ id: subjectId }}>
        {t('notices.hardAnswer', { family: data.family, score: data.score, max: data.max })}
      </Link>
    )
  }
  const { surveyKey: survey, from, to } = data
  const period = from === to ? ({ period: 'day', at: to } as const) : ({ period: 'days', from, to } as const)
  return (
    <Link className="row-title" to="/effort" search={{ survey, ...period }}>
      {t('notices.alarm', { family: data.family, ease: data.ease, signal: data.signal })}
    </Link>
  )
}

function detailOf({ kind, data }: Notice): string {
  if (kind === 'hard_answer') return t(data.commented ? 'notices.commented' : 'notices.uncommented')
  const [value, usual] = [alarmFigure(data, data.value), alarmFigure(data, data.usual)]
  const { metric, family, signal, n } = data
  return t('notices.figures', { metric, family, signal, value, usual, n })
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
