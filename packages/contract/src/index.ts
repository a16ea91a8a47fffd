import { accounts } from './accounts.ts'
import { articleGapEntries } from './article-gaps.ts'
import { articleImportEntries } from './article-imports.ts'
import { articleReviewEntries } from './article-reviews.ts'
import { articleVoteEntries } from './article-votes.ts'
import { articles } from './articles.ts'
import { contactFormEntries } from './contact-form.ts'
import { deskRuleEntries } from './desk-rules.ts'
import { customerImports } from './customer-imports.ts'
import { insight } from './insight.ts'
import { macros } from './macros.ts'
import { mailTextEntries } from './mail-texts.ts'
import { mailboxes } from './mailboxes.ts'
import { mails } from './mails.ts'
import { notices } from './notices.ts'
import { organisations } from './organisations.ts'
import { people } from './people.ts'
import { programmes } from './programmes.ts'
import { returnedMails } from './returned-mails.ts'
import { searches } from './searches.ts'
import { surveys } from './surveys.ts'
import { synonyms } from './synonyms.ts'
import { tickets } from './tickets.ts'
import { touchpoints } from './touchpoints.ts'

export * from './entry.ts'
export * from './permissions.ts'
export * from './problems.ts'
export * from './values.ts'
export * from './accounts.ts'
export * from './article-gaps.ts'
export * from './article-reviews.ts'
export * from './article-votes.ts'
export * from './articles.ts'
export * from './contact-form.ts'
export * from './customer-imports.ts'
export * from './desk-rules.ts'
export * from './insight.ts'
export * from './mail-texts.ts'
export * from './macros.ts'
export * from './mailboxes.ts'
export * from './mails.ts'
export * from './notices.ts'
export * from './organisations.ts'
export * from './people.ts'
export * from './programmes.ts'
export * from './returned-mails.ts'
export * from './searches.ts'
export * from './surveys.ts'
export * from './synonyms.ts'
export * from './tickets.ts'
export * from './touchpoints.ts'

/** Every address of the API, by module. */
export const contract = {
  accounts,
  mails,
  mailboxes,
  returnedMails,
  notices,
  people,
  organisations,
  customerImports,
  touchpoints,
  surveys,
  programmes,
  mailTexts: mailTextEntries,
  macros,
  articles: {
    ...articles,
    ...articleReviewEntries,
    ...articleVoteEntries,
    ...articleGapEntries,
    ...articleImportEntries,
  },
  searches,
  synonyms,
  tickets: {
    list: tickets.list,
    get: tickets.get,
    entries: tickets.entries,
    history: tickets.history,
    create: tickets.create,
    source: tickets.source,
    acceptAuthor: tickets.acceptAuthor,
    change: tickets.change,
    changeMany: tickets.changeMany,
    next: tickets.next,
    search: tickets.search,
    merge: tickets.merge,
    mergeMany: tickets.mergeMany,
    unmerge: tickets.unmerge,
    split: tickets.split,
    link: tickets.link,
    linkMany: tickets.linkMany,
    unlink: tickets.unlink,
    follow: tickets.follow,
    unfollow: tickets.unfollow,
    read: tickets.read,
    leave: tickets.leave,
    listViews: tickets.listViews,
    counts: tickets.counts,
    createView: tickets.createView,
    changeView: tickets.changeView,
    removeView: tickets.removeView,
    tags: tickets.tags,
    narrowings: tickets.narrowings,
    write: tickets.write,
    takeBack: tickets.takeBack,
    resend: tickets.resend,
    saveDraft: tickets.saveDraft,
    dropDraft: tickets.dropDraft,
    attach: tickets.attach,
    file: tickets.file,
    page: tickets.page,
    ...deskRuleEntries,
    picture: tickets.picture,
  },
  contactForm: contactFormEntries,
  insight,
} as const
