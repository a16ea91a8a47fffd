import { voteReasons } from '@lahko/contract/article-votes'
import { html, type Html } from '#platform/html.ts'
import { articlePath, trailOf } from './article-page.ts'
import type { CollectionRow } from './collections.queries.ts'
import type { Shown } from './help.queries.ts'
import { breadcrumbOf, langOf, reachOf, type HelpPage, type View } from './help-frame.ts'
import type { VoteRow } from './votes.queries.ts'

export type FeedbackPage = {
  article: Shown
  collections: readonly CollectionRow[]
  vote: VoteRow
  token: string
  question?: Html | undefined
}

/** What follows when a reader has said whether an article helped: if not, why. */
export function feedbackPage(view: View, { article, collections, vote, token, question }: FeedbackPage): HelpPage {
  const path = articlePath(article, view.language)
  const title = view.say(titleKey(vote))
  const asks = isAsking(vote)
  const main = html`
    <main class="page-main ar" id="main">
      <div>
        ${breadcrumbOf(view, trailOf(view, collections, article.collection_id))}
        <h1>${title}</h1>
        ${asks ? '' : html`<p class="ar-lead">${view.say(vote.helpful ? 'helped_lead' : 'reason_lead')}</p>`}
        ${asks ? reasonsOf(view, `${path}/r/${token}`) : (question ?? '')}
        <p class="ar-tail"><a href="${path}"${langOf(view, article.language)}>${article.title}</a></p>
      </div>
      <aside class="ar-side" aria-label="${view.say('beside')}">${reachOf(view)}</aside>
    </main>`
  return { title, main, inOther: (language) => `${articlePath(article, language)}/r/${token}` }
}

/** Whether the reason is asked: one question at a time. */
export function isAsking({ helpful, reason }: VoteRow): boolean {
  return !helpful && reason === null
}

function titleKey({ helpful, reason }: VoteRow): string {
  if (helpful) return 'helped_title'
  return reason === null ? 'reason_title' : 'reason_kept'
}

function reasonsOf({ say }: View, action: string): Html {
  const choices = voteReasons.map(
    (reason) =>
      html`<label class="choice"><input type="radio" name="reason" value="${reason}"><span>${say(`reason_${reason}`)}</span></label>`,
  )
  return html`
    <div class="ar-ask">
      <form method="post" action="${action}">
        <fieldset><legend>${say('reason_legend')}</legend>${choices}</fieldset>
        <div class="field">
          <label for="comment">${say('comment')}</label>
          <p class="hint" id="comment-hint">${say('comment_hint')}</p>
          <textarea class="input" id="comment" name="comment" maxlength="2000" aria-describedby="comment-hint"></textarea>
        </div>
        <button class="button" data-tone="accent">${say('send')}</button>
      </form>
    </div>`
}
