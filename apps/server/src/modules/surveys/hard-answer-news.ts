import type { HardAnswerData, Response } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { MailReader, News, NoticeMail } from '#notices'
import type { Db } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { inLanguage } from './content.ts'
import { readAll, type Readable } from './listing.ts'

/** What members are told of hard answers. Those that are gone meanwhile are no news. */
export async function newsOf(db: Db, ids: readonly string[]): Promise<News[]> {
  return (await readAll(db, ids)).map(newsOfOne)
}

function newsOfOne(answer: Readable): News {
  const { survey, content, view } = answer
  const { id, score, effortStep, comment } = view('en')
  const { min, max, family } = content.score.scale
  const data: HardAnswerData = {
    ...{ surveyId: survey.id, surveyKey: survey.key, family, score, min, max },
    ...{ effortStep, commented: comment !== null },
  }
  return {
    kind: 'hard_answer',
    subjectId: id,
    topicId: survey.id,
    topic: survey.name,
    data,
    mail: (reader) => mailOf(answer, reader),
  }
}

/** The score with its scale, the customer's own words, why, and about what; with the way to all of it. */
function mailOf({ survey, content, company, view }: Readable, { language, app }: MailReader): NoticeMail {
  const answer = view(language)
  const say = (key: string, args: object = {}) => words(language, `hard-answers.${key}`, { ...args })
  const { min, max, family } = content.score.scale
  const [low, high] = [content.score.lowLabel, content.score.highLabel].map((label) =>
    inLanguage(label, language, content, company),
  )
  const head = { family, score: answer.score, max, survey: survey.name }
  return {
    subject: say('subject', head),
    heading: say('heading', head),
    paragraphs: [
      ...(answer.comment === null ? [say('no_comment')] : [say('quote', { text: answer.comment })]),
      ...why(answer, language),
      ...about(answer, language),
      say('scale', { ...head, min, low, high }),
    ],
    button: { label: say('open'), url: `${app}/answers/${answer.id}` },
  }
}

function why({ reasons }: Response, language: Language): string[] {
  if (reasons.length === 0) return []
  return [words(language, 'hard-answers.why', { reasons: reasons.map(({ label }) => label).join(', ') })]
}

function about({ touchpoint, customer }: Response, language: Language): string[] {
  const said: string[] = []
  if (touchpoint) {
    const { kind, externalId } = touchpoint
    // A kind that the product does not know is called as it was reported.
    said.push(words(language, 'hard-answers.about', { kind, named: kind, id: externalId ?? 'none' }))
  }
  const who = customer?.name ?? customer?.email ?? customer?.externalId
  if (who) said.push(words(language, 'hard-answers.from', { who }))
  return said
}
