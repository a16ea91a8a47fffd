import type {
  AskingHours,
  Condition,
  Invitation,
  InvitationState,
  NotAskedRule,
  ProgrammeSettings,
  Quota,
} from '@lahko/contract'
import { list, number, percent } from '../../platform/format.ts'
import { locale, t } from '../../platform/words.ts'
import { attributeName, attributeValue } from '../insight/attributes.ts'

/** Why nobody was asked, as a sentence. */
export function ruleSentence(rule: NotAskedRule): string {
  return t(`programmes.rule.${rule}`)
}

/** What became of a touchpoint: its state, or the rule because of which nobody was asked. */
export function fateInWords({ rule, state }: Pick<Invitation, 'rule' | 'state'>): string {
  return rule && state === 'not_asked' ? ruleSentence(rule) : stateName(state)
}

export function stateName(state: InvitationState): string {
  return t(`programmes.state.${state}`)
}

/** What a touchpoint must be like; whatever it is like where there are no conditions. */
export function conditionsInWords(conditions: readonly Condition[]): string {
  if (conditions.length === 0) return t('programmes.anyTouchpoint')
  return list(conditions.map(conditionInWords))
}

function conditionInWords({ attribute, is, values }: Condition): string {
  const said = values.map((value) => attributeValue(attribute, value)).join(', ')
  return t(`programmes.condition.${is}`, { attribute: nameOf(attribute), values: said })
}

/** An attribute where customers have some too. */
export function nameOf(attribute: string): string {
  return attribute === 'organisation' ? t('programmes.organisation') : attributeName(attribute)
}

/** `1 hour after, on Monday to Friday from 09:00 to 17:00`, and whom it leaves out. */
export function whenInWords({ delayMinutes, hours, share, quota }: ProgrammeSettings): string {
  const parts = [delayInWords(delayMinutes)]
  if (hours) parts.push(hoursInWords(hours))
  if (share < 1) parts.push(t('programmes.shareSaid', { share: percent(share) }))
  if (quota) parts.push(quotaInWords(quota))
  return parts.join(' · ')
}

export type DelayUnit = 'minutes' | 'hours' | 'days'
export const minutesIn: Readonly<Record<DelayUnit, number>> = { minutes: 1, hours: 60, days: 1440 }

/** The largest unit of which a delay is a whole number. */
export function unitOf(minutes: number): DelayUnit {
  if (minutes === 0) return 'hours'
  return minutes % 1440 === 0 ? 'days' : minutes % 60 === 0 ? 'hours' : 'minutes'
}

function delayInWords(minutes: number): string {
  if (minutes === 0) return t('programmes.atOnce')
  const unit = unitOf(minutes)
  return t(`programmes.after.${unit}`, { count: minutes / minutesIn[unit] })
}

function hoursInWords({ from, until, days }: AskingHours): string {
  const some = list(days.toSorted().map((day) => dayName(day, 'short')))
  return t('programmes.hoursSaid', { from, until, days: days.length === 7 ? 'every' : some })
}

function quotaInWords({ attribute, per, most }: Quota): string {
  return t(`programmes.quotaSaid.${per}`, { most: number(most), attribute: nameOf(attribute) })
}

/** @param day 1 is Monday */
export function dayName(day: number, style: 'short' | 'long'): string {
  return new Intl.DateTimeFormat(locale(), { weekday: style, timeZone: 'UTC' }).format(Date.UTC(2024, 0, day))
}
