import type { SurveyContent } from '@lahko/contract'
import { scales } from '@lahko/effort'
import { sql, type Kysely } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'

/** A small survey with everything that an answer can hold, for tests and benches. */
export const exampleContent: SurveyContent = {
  languages: ['en', 'sl'],
  score: {
    text: { en: 'How easy was it to get your issue solved today?', sl: 'Kako lahko je bilo danes rešiti vašo težavo?' },
    scale: { id: 'ces-10', family: 'effort', min: 1, max: 10, direction: 'high-is-easy' },
    look: 'numbers',
    lowLabel: { en: 'Very hard', sl: 'Zelo težko' },
    highLabel: { en: 'Very easy', sl: 'Zelo lahko' },
  },
  reasons: [
    {
      when: ['hard', 'neither'],
      text: { en: 'What made it hard?', sl: 'Kaj je bilo težko?' },
      options: [
        { id: 'waiting', label: { en: 'The wait', sl: 'Čakanje' } },
        { id: 'repeating', label: { en: 'Saying it twice', sl: 'Ponavljanje' } },
      ],
    },
    {
      when: ['easy'],
      text: { en: 'What helped?', sl: 'Kaj je pomagalo?' },
      options: [{ id: 'fast', label: { en: 'A fast reply', sl: 'Hiter odgovor' } }],
    },
  ],
  comment: { text: { en: 'Anything else?', sl: 'Še kaj?' } },
  questions: [
    {
      id: 'device',
      kind: 'choice',
      text: { en: 'Which device?', sl: 'Katera naprava?' },
      several: false,
      required: false,
      options: [
        { id: 'phone', label: { en: 'Phone', sl: 'Telefon' } },
        { id: 'computer', label: { en: 'Computer', sl: 'Računalnik' } },
      ],
    },
    { id: 'wish', kind: 'text', text: { en: 'One wish?', sl: 'Ena želja?' }, required: false, long: false },
  ],
  thanks: { hard: { en: 'Thank you' }, neither: { en: 'Thank you' }, easy: { en: 'Thank you' } },
}

export const exampleRule = { id: 'standard', easy: [...scales['ces-10'].easy], hard: [...scales['ces-10'].hard] }

export type ExampleSurvey = { workspaceId: string; surveyId: string; key: string }

type Wish = {
  workspaceId?: string
  key?: string
  timeZone?: string
  identity?: 'identified' | 'anonymous'
  declared?: string[]
}

/**
 * Writes a published survey, and its workspace when none is given, past all verbs.
 * @param owner a connection that no row-level security binds
 */
export async function insertExampleSurvey(owner: Kysely<unknown>, wish: Wish = {}): Promise<ExampleSurvey> {
  const workspaceId = wish.workspaceId ?? uuidv7()
  const surveyId = uuidv7()
  const key = wish.key ?? 'help'
  const declared = wish.declared ?? ['channel', 'language', 'topic', 'team', 'kind']
  await sql`
    insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
    values (${workspaceId}, ${workspaceId}, 'Example', 'en', ${wish.timeZone ?? 'Europe/Ljubljana'}, now())
    on conflict do nothing`.execute(owner)
  await sql`
    insert into surveys (workspace_id, id, key, name, state, identity, rule, declared, version, created_at)
    values (${workspaceId}, ${surveyId}, ${key}, 'Help', 'published', ${wish.identity ?? 'identified'},
      ${JSON.stringify(exampleRule)}, ${declared}, 1, now())`.execute(owner)
  await sql`
    insert into survey_versions (workspace_id, survey_id, version, wording, content, published_at)
    values (${workspaceId}, ${surveyId}, 1, 1, ${JSON.stringify(exampleContent)}, now())`.execute(owner)
  return { workspaceId, surveyId, key }
}
