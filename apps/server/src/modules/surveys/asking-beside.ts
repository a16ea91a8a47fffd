import type { Language } from '@lahko/contract/values'
import type { House } from '#platform/house.ts'
import { html, raw, type Html } from '#platform/html.ts'
import { words } from '#platform/words.ts'
import type { Brand } from './brand.ts'
import { inLanguage } from './content.ts'
import { whyNotOpen } from './open-survey.ts'
import { createPublishedSurveys, type PublishedSurvey } from './published-surveys.ts'
import { labelOf, valuesOf } from './snippet.ts'

/** Of whose page it is, and what an answer is about: the hidden fields of its link. */
export type Beside = { brand: Brand; language: Language; about: Readonly<Record<string, string>> }

/**
 * The question of a survey for a page on which something has just ended: each value is a link, which chooses it and sends
 * nothing. Undefined while the survey takes no answers.
 */
export async function askBeside(house: House, surveyId: string, beside: Beside): Promise<Html | undefined> {
  const survey = await createPublishedSurveys(house).byId(beside.brand.id, surveyId)
  if (!survey || whyNotOpen(survey, house.clock.now())) return undefined
  return questionOf(survey, beside)
}

function questionOf({ key, wording, content }: PublishedSurvey, { brand, language, about }: Beside): Html {
  const own = content.languages.includes(language) ? language : content.languages[0]!
  const read = (text: Parameters<typeof inLanguage>[0]) => inLanguage(text, own, content, brand.name)
  const { text, scale, lowLabel, highLabel } = content.score
  const end = (value: number, label: string) => words(own, 'answering.end', { value, label })
  const links = valuesOf(content).map((value) => {
    const query = new URLSearchParams({ ...about, lang: own, wording: String(wording), score: String(value) })
    const label = labelOf(value, content, own, brand.name)
    return html`<a class="button" rel="nofollow" href="/s/${key}?${query.toString()}">${label}</a>`
  })
  return html`
    <section class="section" aria-labelledby="how-easy"${raw(own === language ? '' : ` lang="${own}"`)}>
      <h2 id="how-easy">${read(text)}</h2>
      <div class="buttons" role="group" aria-labelledby="how-easy" aria-describedby="how-easy-ends">${links}</div>
      <p class="quiet" id="how-easy-ends">${end(scale.min, read(lowLabel))} · ${end(scale.max, read(highLabel))}</p>
    </section>`
}
