import type { TimelineEntry } from '@lahko/contract/people'
import { effortStep } from '@lahko/effort'
import type { TimelinePage, TimelineSubject } from '#platform/module.ts'
import type { Db } from '#platform/store.ts'
import { listTouchpointIdsOf } from '#touchpoints'
import { listAnswersAbout, type GivenAnswer } from './answer-timeline.queries.ts'
import { kindOfScore, ruleOn } from './content.ts'

/** Of so many touchpoints, and of each customer's newest, answers without a name are found. */
const [mostTouchpoints, mostOfEach] = [2_000, 20]

/** The answers of customers, or about a touchpoint, as their page shows them. */
export async function answerTimeline(db: Db, about: TimelineSubject, page: TimelinePage): Promise<TimelineEntry[]> {
  if ('touchpointId' in about) {
    return (await listAnswersAbout(db, { touchpoints: [about.touchpointId] }, page)).map(entryOf)
  }
  const { customerIds } = about
  const each = Math.max(mostOfEach, Math.floor(mostTouchpoints / Math.max(1, customerIds.length)))
  const touchpoints = await listTouchpointIdsOf(db, customerIds, each)
  return (await listAnswersAbout(db, { customerIds, touchpoints }, page)).map(entryOf)
}

function entryOf(row: GivenAnswer): TimelineEntry {
  const rule = ruleOn(row.scale, row.rule)
  return {
    type: 'answer',
    at: row.answered_at.toISOString(),
    id: row.id,
    survey: { id: row.survey_id, name: row.survey_name },
    score: row.score,
    effortStep: effortStep(row.score, { ...row.scale, easy: rule.easy, hard: rule.hard }),
    countsAs: kindOfScore(row.score, rule),
    comment: row.comment,
    touchpointId: row.touchpoint_id,
    agent: row.agent,
    agentBy: row.agent_by,
    excluded: row.excluded_reason,
  }
}
