import type { SurveyContent } from '@lahko/contract/surveys'
import type { Language } from '@lahko/contract/values'
import { customerGroup } from '#people'
import { html, type Html } from '#platform/html.ts'
import type { Db } from '#platform/store.ts'
import { localeOf, words } from '#platform/words.ts'
import { listAskedSurveys, listPreferences } from './asking-preferences.queries.ts'
import type { Wish } from './asking-preferences.ts'
import type { Brand } from './brand.ts'
import { inLanguage } from './content.ts'
import type { InvitationRow } from './invitation-rows.queries.ts'

/** What somebody can be asked, and what they said about it. */
export type Choice = {
  pausedUntil: Date | null
  surveys: readonly { id: string; content: SurveyContent; refused: boolean }[]
}
type Page = { brand: Brand; language: Language; action: string }

/** Nothing to choose for a customer who was forgotten. */
export async function choiceOf(db: Db, { customerId, surveyId }: InvitationRow): Promise<Choice | undefined> {
  if (customerId === null) return undefined
  const said = await listPreferences(db, await customerGroup(db, customerId))
  const surveys = await listAskedSurveys(db, surveyId)
  return {
    pausedUntil: said.find((one) => one.surveyId === null)?.until ?? null,
    surveys: surveys.map((survey) => ({ ...survey, refused: said.some((one) => one.surveyId === survey.id) })),
  }
}

/** The button for no more questions, or for taking that back. */
export function allOrNothing({ brand, language, action }: Page, stopped: boolean): Html {
  const label = words(language, `invitation.${stopped ? 'resubscribe' : 'unsubscribe'}_button`, { company: brand.name })
  return html`
    <form method="post" action="${action}">
      ${stopped ? html`<input type="hidden" name="again" value="yes">` : ''}
      <div class="buttons"><button class="button" data-size="large">${label}</button></div>
    </form>`
}

/** Fewer questions instead of none: a pause, and each question by itself. One tap each. */
export function choicesOf(page: Page, choice: Choice | undefined): Html | '' {
  if (!choice) return ''
  const say = (key: string, args: Record<string, unknown> = {}) => words(page.language, `invitation.${key}`, args)
  return html`
    <section class="ask-wishes">
      <h2>${say('less')}</h2>
      <ul>
        ${pauseOf(page, choice)}
        ${choice.surveys.map(({ id, content, refused }) =>
          wishRow(page, {
            text: inLanguage(content.score.text, page.language, content, page.brand.name),
            note: say(refused ? 'not_asked_this' : 'asked_this'),
            label: say(refused ? 'ask_this' : 'not_this'),
            wish: `${refused ? 'ask' : 'not'}:${id}`,
          }),
        )}
      </ul>
    </section>`
}

function pauseOf(page: Page, { pausedUntil }: Choice): Html {
  const say = (key: string, args: Record<string, unknown> = {}) => words(page.language, `invitation.${key}`, args)
  const { timeZone } = page.brand
  const date =
    pausedUntil && new Intl.DateTimeFormat(localeOf[page.language], { dateStyle: 'long', timeZone }).format(pausedUntil)
  return wishRow(page, {
    text: say('pause'),
    note: date === null ? say('no_pause') : say('paused_until', { date }),
    label: say(date === null ? 'pause_button' : 'resume_button'),
    wish: date === null ? 'pause' : 'resume',
  })
}

type WishRow = { text: string; note: string; label: string; wish: Wish }

function wishRow({ action }: Page, { text, note, label, wish }: WishRow): Html {
  return html`
    <li>
      <p><strong>${text}</strong><br>${note}</p>
      <form method="post" action="${action}">
        <input type="hidden" name="wish" value="${wish}">
        <button class="button" aria-label="${`${label}: ${text}`}">${label}</button>
      </form>
    </li>`
}
