import type { EffortAlarmData } from '@lahko/contract'
import type { ControlPoint } from '@lahko/effort'
import type { Language } from '@lahko/contract/values'
import type { MailReader, NoticeMail } from '#notices'
import { html, raw, type Html } from '#platform/html.ts'
import { mailFont, mailRow } from '#platform/mail/frame.ts'
import { words } from '#platform/words.ts'
import type { HardWords } from '#surveys'
import type { Subject } from './measuring.ts'
import { figureIn, whenIn } from './phrases.ts'

export type Alarm = {
  subject: Subject
  /** The whole chart; its last points are drawn. */
  points: readonly ControlPoint[]
  data: EffortAlarmData
  /** What customers wrote who found it hard then. */
  said: readonly HardWords[]
}

const mostDrawn = 14
const widest = 200

/** The mail of an alarm: what changed, the chart, and what customers wrote. */
export function writeAlarm(alarm: Alarm, { language, app }: MailReader): NoticeMail {
  const { subject, data, said } = alarm
  const { survey, metric, today } = subject
  const period =
    data.from === data.to
      ? ({ kind: 'day', from: data.to, to: data.to } as const)
      : ({ kind: 'days', from: data.from, to: data.to } as const)
  const figure = (value: number) => figureIn(language, metric, value)
  const heading = words(language, `alarms.${data.signal}`, {
    ease: data.ease,
    family: data.family,
    survey: survey.name,
  })
  return {
    subject: heading,
    heading,
    paragraphs: [
      words(language, data.signal === 'drift' ? 'alarms.figure_drift' : 'alarms.figure', {
        ...{
          metric,
          family: data.family,
          when: whenIn(language, period, today, true),
          n: data.n,
          value: figure(data.value),
        },
        ...{ usual: figure(data.usual), low: figure(data.low), high: figure(data.high) },
      }),
      words(language, 'alarms.means'),
      ...said.map(({ score, comment }) => words(language, 'alarms.quote', { comment, score, max: subject.scale.max })),
    ],
    figure: chartOf(alarm, language),
    button: { label: words(language, 'alarms.open'), url: `${app}/effort?${addressOf(data)}` },
  }
}

function addressOf({ surveyKey, from, to }: EffortAlarmData): string {
  const period: Record<string, string> = from === to ? { period: 'day', at: to } : { period: 'days', from, to }
  return String(new URLSearchParams({ survey: surveyKey, ...period }))
}

type Bar = { day: string; value: string; width: number; n: number; signals: boolean }

/** The newest points as bars from the low end of what the metric can be; signals are marked by a word, not by a colour. */
function chartOf({ subject, points }: Alarm, language: Language) {
  const drawn = points.slice(-mostDrawn).filter(({ value }) => value !== null)
  const { metric, scale } = subject
  const [least, most] =
    metric === 'mean'
      ? [scale.min, scale.max]
      : metric === 'netEase'
        ? [-1, 1]
        : metric === 'easeIndex'
          ? [0, 100]
          : [0, 1]
  const bars = drawn.map(({ at, value, n, signals }): Bar => ({
    day: dayIn(language, at),
    value: figureIn(language, metric, value!),
    width: Math.max(2, Math.round((widest * (value! - least)) / (most - least))),
    n,
    signals: signals.length > 0,
  }))
  const mark = words(language, 'alarms.signal')
  return { html: tableOf(bars, mark), text: bars.map((bar) => lineOf(bar, mark)).join('\n') }
}

function lineOf({ day, value, width, n, signals }: Bar, mark: string): string {
  return `${day.padEnd(8)} ${value.padStart(6)} ${'▇'.repeat(Math.ceil(width / 10))} n ${n}${signals ? ` ${mark}` : ''}`
}

function tableOf(bars: readonly Bar[], mark: string): Html {
  const text = raw(`padding:2px 10px 2px 0;${mailFont};font-size:14px;line-height:20px`)
  const rows = bars.map(
    ({ day, value, width, n, signals }) => html`
      <tr>
        <td class="l-quiet" style="${text}">${day}</td>
        <td class="l-text" align="right" style="${text}">${value}</td>
        <td style="${text}">
          <table role="presentation" cellpadding="0" cellspacing="0" border="0">
            <tr><td width="${width}" height="12" style="${barOf(width, signals)}">&nbsp;</td></tr>
          </table>
        </td>
        <td class="l-quiet" style="${text}">n ${n}${signals ? ` ${mark}` : ''}</td>
      </tr>`,
  )
  return mailRow(
    '',
    'padding:18px 24px 0',
    html`<table role="presentation" cellpadding="0" cellspacing="0" border="0">${rows}</table>`,
  )
}

/** Both colours stand out on white and on dark paper. */
function barOf(width: number, signals: boolean): Html {
  const colour = signals ? '#c2573f' : '#8a8781'
  return raw(`width:${width}px;height:12px;border-radius:3px;font-size:1px;line-height:12px;background-color:${colour}`)
}

function dayIn(language: Language, day: string): string {
  return words(language, 'alarms.day', { day: Number(day.slice(8)), month: Number(day.slice(5, 7)) })
}
