import type { Survey, SurveySummary } from '@lahko/contract/surveys'
import {
  countAnswersOf,
  getSurvey,
  listLastAsked,
  listSurveyRows,
  listVersions,
  type SurveyRow,
} from './building.queries.ts'
import { isNewWording, missingTexts } from './content.ts'
import type { Db } from '#platform/store.ts'

function summaryOf(row: SurveyRow, answers: number): SurveySummary {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    state: row.state,
    identity: row.identity,
    version: row.version,
    answers,
    closesOn: row.closes_on,
    createdAt: row.created_at.toISOString(),
  }
}

/** A page of the list, newest first. */
export async function viewSurveys(
  db: Db,
  query: { after?: string; limit: number; archived: boolean },
): Promise<{ items: SurveySummary[]; next: string | null }> {
  const rows = await listSurveyRows(db, { ...query, limit: query.limit + 1 })
  const shown = rows.slice(0, query.limit)
  const answers = await countAnswersOf(
    db,
    shown.map((row) => row.id),
  )
  return {
    items: shown.map((row) => summaryOf(row, answers.get(row.id) ?? 0)),
    next: rows.length > shown.length ? shown.at(-1)!.id : null,
  }
}

/**
 * One survey with its draft and versions.
 * @param origin what its public address begins with; null when strangers reach the workspace under no name
 */
export async function viewSurvey(db: Db, id: string, origin: string | null): Promise<Survey> {
  const row = await getSurvey(db, id)
  const asked = row.version === null ? [] : (await listLastAsked(db, id, row.version)).map(({ content }) => content)
  const content = asked[0] ?? null
  const [versions, answers] = [await listVersions(db, id), (await countAnswersOf(db, [id])).get(id) ?? 0]
  return {
    ...summaryOf(row, answers),
    url: origin === null ? null : addressOf(origin, row.key),
    metric: row.metric,
    rule: { id: row.rule.id, easy: [...row.rule.easy], hard: [...row.rule.hard] },
    declared: row.declared,
    rebuild: row.rebuild && { done: row.rebuild.done, total: row.rebuild.total },
    content,
    draft: row.draft,
    draftSavedAt: row.draft_saved_at?.toISOString() ?? null,
    draftChange: row.draft && {
      newWording: asked.length > 0 && isNewWording(asked, row.draft),
      missing: missingTexts(row.draft),
    },
    versions: versions.map(({ version, wording, published_at, answers: given }) => ({
      version,
      wording,
      publishedAt: published_at.toISOString(),
      answers: given,
    })),
  }
}

/** The public address of a survey. */
export function addressOf(origin: string, key: string): string {
  return `${origin}/s/${key}`
}
